//! What a table's document promises, told with tabs as Yjs would have them.

mod support;

mod honest;
