//! The command line as people and gateways meet it: the built program, run as they run it.
#![cfg(feature = "cli")]

mod audit;
mod bad_input;
mod child;
mod clients;
mod commands;
mod diff;
mod explain;
mod facts;
mod guides;
mod hold;
mod init;
mod owner;
mod policy_test;
mod prove;
mod readme;
mod rotate;
mod screen;
mod seeds;
mod store;
mod support;
mod watch;
