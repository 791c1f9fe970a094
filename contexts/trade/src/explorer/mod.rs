//! `GET /v1/exports`: drilldowns, cuts and measures over the cube.
