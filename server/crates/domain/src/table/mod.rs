//! A table: columns, rows, cells, and what was done to them.

pub mod column;
pub mod column_work;
pub mod defaults;
pub mod edit;
pub mod erasure;
pub mod order;
pub mod plain;
pub mod row;

pub use column::{Choice, Column, Columns, Kind, Label};
pub use edit::{Action, Change, Edit, Origin, Place};
pub use erasure::ToErase;
pub use plain::Plain;
pub use row::{Row, TableValues};
