//! `palier-window`: Palier on a desktop.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    palier_window::run();
}
