//! The pages and doors, through HTTP.
