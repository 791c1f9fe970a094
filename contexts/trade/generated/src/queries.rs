// This file was generated with `clorinde`. Do not modify.

pub mod batch;
pub mod publish;
pub mod simulation;
pub mod snapshot;
pub mod tables;
