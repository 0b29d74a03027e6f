create table imports (
    id integer primary key autoincrement,
    table_id integer not null references tables (id),
    file_name text not null,
    sha256 blob not null,
    actor integer,
    began_at integer not null,
    report text
) strict;

create index imports_of_table on imports (table_id, id);

-- What the last import said of each line of a file, to tell what changed since.
create table import_rows (
    table_id integer not null references tables (id),
    match_key text not null,
    row_id text not null,
    words text not null,
    import_id integer not null references imports (id),
    primary key (table_id, match_key)
) strict;
