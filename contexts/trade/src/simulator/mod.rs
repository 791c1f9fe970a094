//! `POST /v1/simulator/destinations`: where to sell a product, and why.
