use super::super::*;
use crate::table::Columns;
use crate::table::defaults::formations;

#[test]
fn the_form_asks_about_four_things() {
    let columns = Columns::new(formations());
    let form = Form::of(&columns);
    assert_eq!(form.blocks.len(), 4);
}
