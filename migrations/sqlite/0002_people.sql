create table people (
    id integer primary key autoincrement,
    email text not null unique,
    name text not null,
    role text not null,
    made_at integer not null,
    seen_at integer
) strict;

-- What was sent by mail to sign in: a link, and a code for the browser that asked.
-- Only hashes are kept: a stolen copy signs nobody in. `asked_by` is empty where no browser asked.
create table sign_in_links (
    token_hash blob not null primary key,
    person_id integer not null references people (id) on delete cascade,
    code_hash blob,
    asked_by blob not null,
    tries integer not null,
    made_at integer not null,
    expires_at integer not null,
    used_at integer
) strict;

create index sign_in_links_of_person on sign_in_links (person_id, made_at);
create index sign_in_links_by_end on sign_in_links (expires_at);

create table logins (
    id_hash blob not null primary key,
    person_id integer references people (id) on delete cascade,
    data text not null,
    made_at integer not null,
    expires_at integer not null
) strict;

create index logins_of_person on logins (person_id);
create index logins_by_end on logins (expires_at);

create table settings (
    key text not null primary key,
    value text not null
) strict;
