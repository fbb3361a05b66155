-- A link that is followed in another browser than the one that sent the form: the password is chosen anew there.
alter table registration alter column password_hash drop not null;
