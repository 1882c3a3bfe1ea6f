//! One kit per thing. Everything here turns data into markup and decides nothing.
//!
//! Plain functions, so that a table of fifty rows costs fifty rows and no component machinery.

pub mod action;
pub mod age;
pub mod ask;
pub mod balance_bars;
pub mod cell;
pub mod chips;
pub mod config_editor;
pub mod config_table;
pub mod copy;
pub mod csv;
pub mod field;
pub mod filter;
pub mod finding;
pub mod flow;
pub mod grants;
pub mod head;
pub mod icon;
pub mod load_bars;
pub mod mark;
pub mod notice;
pub mod overlay;
pub mod pager;
pub mod panel;
pub mod people;
pub mod placement;
pub mod plan_map;
pub mod progress;
pub mod replica_map;
pub mod source;
pub mod stats;
pub mod stepper;
pub mod table;
pub mod tabs;
pub mod title;
pub mod weigh;
