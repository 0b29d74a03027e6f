create table imports (
    id bigint generated always as identity primary key,
    table_id bigint not null references tables (id),
    file_name text not null,
    sha256 bytea not null,
    actor bigint,
    began_at bigint not null,
    report text
);

create index imports_of_table on imports (table_id, id);

-- What the last import said of each line of a file, to tell what changed since.
create table import_rows (
    table_id bigint not null references tables (id),
    match_key text not null,
    row_id text not null,
    words text not null,
    import_id bigint not null references imports (id),
    primary key (table_id, match_key)
);
