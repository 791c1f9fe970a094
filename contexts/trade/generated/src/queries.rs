// This file was generated with `clorinde`. Do not modify.

pub mod batch;
pub mod countries;
pub mod free_use;
pub mod history;
pub mod publish;
pub mod saved;
pub mod simulation;
pub mod snapshot;
pub mod succession;
pub mod sync;
pub mod tables;
