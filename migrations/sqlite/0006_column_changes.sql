-- What was done to the columns of a table. `work` says what was asked, `columns` each column before and after:
-- both JSON, and neither holds what a cell says. `undoes` is the change that this one took back.
create table column_changes (
    id integer primary key autoincrement,
    table_id integer not null references tables (id),
    revision integer not null,
    made_at integer not null,
    actor integer,
    import_id integer,
    undoes integer,
    cells integer not null,
    work text not null,
    columns text not null
) strict;

create index column_changes_of_table on column_changes (table_id, id);
create index column_changes_undone on column_changes (table_id, undoes);
