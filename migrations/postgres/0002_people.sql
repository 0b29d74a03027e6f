create table people (
    id bigint generated always as identity primary key,
    email text not null unique,
    name text not null,
    role text not null,
    made_at bigint not null,
    seen_at bigint
);

-- What was sent by mail to sign in: a link, and a code for the browser that asked.
-- Only hashes are kept: a stolen copy signs nobody in. `asked_by` is empty where no browser asked.
create table sign_in_links (
    token_hash bytea not null primary key,
    person_id bigint not null references people (id) on delete cascade,
    code_hash bytea,
    asked_by bytea not null,
    tries bigint not null,
    made_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

create index sign_in_links_of_person on sign_in_links (person_id, made_at);
create index sign_in_links_by_end on sign_in_links (expires_at);

create table logins (
    id_hash bytea not null primary key,
    person_id bigint references people (id) on delete cascade,
    data text not null,
    made_at bigint not null,
    expires_at bigint not null
);

create index logins_of_person on logins (person_id);
create index logins_by_end on logins (expires_at);

create table settings (
    key text not null primary key,
    value text not null
);
