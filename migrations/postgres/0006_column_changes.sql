-- What was done to the columns of a table. `work` says what was asked, `columns` each column before and after:
-- both JSON, and neither holds what a cell says. `undoes` is the change that this one took back.
create table column_changes (
    id bigint generated always as identity primary key,
    table_id bigint not null references tables (id),
    revision bigint not null,
    made_at bigint not null,
    actor bigint,
    import_id bigint,
    undoes bigint,
    cells bigint not null,
    work text not null,
    columns text not null
);

create index column_changes_of_table on column_changes (table_id, id);
create index column_changes_undone on column_changes (table_id, undoes);
