#!/bin/sh
# Run once, on an empty database: the owner, who migrates, and the program, who may not change tables or histories.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
  --set=owner="$OWNER_PASSWORD" --set=program="$PROGRAM_PASSWORD" <<'SQL'
create role client_zone_owner login password :'owner';
create role client_zone_program login password :'program';
create database client_zone owner client_zone_owner;
SQL
