//! localcloud
