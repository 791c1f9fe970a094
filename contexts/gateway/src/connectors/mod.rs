//! Connectors from YAML: read, checked with file, line and reason, and listed.
