-- Times are milliseconds since 1970. JSON stands in text columns.

create table tables (
    id integer primary key autoincrement,
    name text not null unique,
    epoch integer not null,
    head integer not null,
    made_at integer not null
) strict;

-- The log: what was done to a document, in order, never changed.
-- `actor` is a person, null for the program; no foreign key, since the log outlives people.
create table revisions (
    table_id integer not null references tables (id),
    revision integer not null,
    epoch integer not null,
    actor integer,
    origin text not null,
    import_id integer,
    made_at integer not null,
    payload blob not null,
    primary key (table_id, revision)
) strict;

create table snapshots (
    table_id integer not null references tables (id),
    epoch integer not null,
    revision integer not null,
    sha256 blob not null,
    made_at integer not null,
    payload blob not null,
    primary key (table_id, epoch, revision)
) strict;

-- History. A run of one person's typing in one cell is one line, from `first_revision` to `revision`.
create table edits (
    id integer primary key autoincrement,
    table_id integer not null references tables (id),
    first_revision integer not null,
    revision integer not null,
    row_id text not null,
    key text not null,
    value_before text not null,
    value_after text not null,
    actor integer,
    origin text not null,
    import_id integer,
    began_at integer not null,
    made_at integer not null
) strict;

create index edits_of_cell on edits (table_id, row_id, key, id);
create index edits_of_row on edits (table_id, row_id, id);
create index edits_of_table on edits (table_id, id);
create index edits_of_import on edits (import_id) where import_id is not null;
create index edits_of_person on edits (table_id, actor, id);

create table writers (
    table_id integer not null references tables (id),
    epoch integer not null,
    writer integer not null,
    person_id integer,
    claimed_at integer not null,
    primary key (table_id, epoch, writer)
) strict;

create index writers_of_person on writers (table_id, epoch, person_id, claimed_at);

create table row_owners (
    table_id integer not null references tables (id),
    row_id text not null,
    person_id integer not null,
    primary key (table_id, row_id)
) strict;

create index row_owners_of_person on row_owners (person_id);
