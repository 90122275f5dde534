//! Running the work of a command: following it, asking, stopping, and what apply and destroy share.

pub mod applied;
pub mod ask;
pub mod change;
pub mod follow;
pub mod interrupt;
pub mod locked;
pub mod marking;
mod who;
