//! The relay as its devices see it: over its routes, with a real store: in a
//! temporary folder, and again in a PostgreSQL database.

#[cfg(test)]
mod actors;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod check;
#[cfg(test)]
mod events;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod place;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod program;
#[cfg(test)]
mod push;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod restored;
mod returning;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod service;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod town;
#[cfg(test)]
mod upkeep;
#[cfg(test)]
mod wire;
