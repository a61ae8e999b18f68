//! Free loopback ports.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result};

const LOWEST: u16 = 10_000;
/// Linux's default; used where the kernel does not tell.
const EPHEMERAL_FROM: u16 = 32_768;

/// Returns `N` different loopback ports on which nothing listens now.
///
/// They lie below the kernel's ephemeral range, so that no outgoing connection can take one between this call and
/// the start of the process that it is meant for; the search begins at a random port, so that two runs do not meet.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let range = u64::from(ephemeral_from().max(LOWEST + 1_000) - LOWEST);
    let start = random() % range;
    let listeners: Vec<TcpListener> = (0..range)
        .filter_map(|step| u16::try_from((start + step) % range).ok())
        .filter_map(|offset| TcpListener::bind((Ipv4Addr::LOCALHOST, LOWEST + offset)).ok())
        .take(N)
        .collect();
    let ports = listeners
        .iter()
        .map(|listener| Ok(listener.local_addr()?.port()))
        .collect::<Result<Vec<u16>>>()?;
    ports
        .try_into()
        .ok()
        .with_context(|| format!("no {N} free loopback ports from {LOWEST} on"))
}

/// Returns 64 random bits, seeded by the operating system.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn ephemeral_from() -> u16 {
    std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| range.split_whitespace().next()?.parse().ok())
        .unwrap_or(EPHEMERAL_FROM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_differ_and_can_be_bound() {
        let mut ports = free_ports::<20>().unwrap();
        for port in ports {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        }
        ports.sort_unstable();
        assert!(ports.windows(2).all(|pair| pair[0] < pair[1]), "{ports:?}");
    }
}
