//! IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Answer, CallContext, Function, Group, Parameter, Stop};
use crate::value::{List, Type, Value};

const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    call: fn(&CallContext<'_>) -> Answer,
) -> Function {
    Function::new(name, Group::Networks, parameters, call).returns_text()
}

const PREFIX: Parameter = Parameter::text("prefix");

pub(super) const CIDRHOST: Function = function("cidrhost", &[PREFIX, Parameter::number("hostnum")], cidrhost)
    .doc("Returns the address of a number in a network.")
    .notes("A negative number counts from the end of the network.")
    .examples(&[
        (r#"cidrhost("10.12.112.0/20", 16)"#, r#""10.12.112.16""#),
        (
            r#"cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)"#,
            r#""fd00:fd12:3456:7890::22""#,
        ),
    ]);

pub(super) const CIDRNETMASK: Function = function("cidrnetmask", &[PREFIX], cidrnetmask)
    .doc("Returns the mask of an IPv4 network.")
    .examples(&[(r#"cidrnetmask("172.16.0.0/12")"#, r#""255.240.0.0""#)]);

pub(super) const CIDRSUBNET: Function = function(
    "cidrsubnet",
    &[PREFIX, Parameter::number("newbits"), Parameter::number("netnum")],
    cidrsubnet,
)
.doc("Returns the part of a number in a network that is split into parts of one size.")
.notes("`newbits` is how many bits the prefix of a part is longer.")
.examples(&[(r#"cidrsubnet("172.16.0.0/12", 4, 2)"#, r#""172.18.0.0/16""#)]);

pub(super) const CIDRSUBNETS: Function = function("cidrsubnets", &[PREFIX], cidrsubnets)
    .variadic(Parameter::number("newbits"))
    .returns_texts()
    .doc("Returns parts of a network, one after the other, of sizes of their own.")
    .notes("Each number is how many bits the prefix of a part is longer, at most 32.")
    .examples(&[(
        r#"cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)"#,
        r#"["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"]"#,
    )]);

/// A network: its first address, whose bits beyond the prefix are zero.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    prefix: u32,
    /// Bits of an address: 32 or 128.
    bits: u32,
}

impl Network {
    /// Reads the first argument.
    fn read(call: &CallContext<'_>) -> Result<Self, Stop> {
        Self::parse(call.text(0)?).ok_or_else(|| {
            call.mistake(0, "is not a network")
                .with_hint("write an address, a slash and the length of the prefix, such as \"10.0.0.0/16\"")
                .into()
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (address, bits) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u32 = is_number.then(|| prefix.parse().ok()).flatten()?;
        (prefix <= bits).then_some(())?;
        let network = Self {
            address,
            prefix,
            bits,
        };
        Some(Self {
            address: address & !network.host_mask(),
            ..network
        })
    }

    /// Returns the bits of an address that are not the network's.
    fn host_mask(self) -> u128 {
        mask(self.bits - self.prefix)
    }

    fn show(self, address: u128) -> String {
        match u32::try_from(address) {
            Ok(address) if self.bits == 32 => Ipv4Addr::from_bits(address).to_string(),
            _ => Ipv6Addr::from_bits(address).to_string(),
        }
    }

    fn show_network(self) -> String {
        format!("{}/{}", self.show(self.address), self.prefix)
    }
}

/// Returns a number whose lowest bits are set.
fn mask(bits: u32) -> u128 {
    match bits {
        0 => 0,
        bits => u128::MAX >> (128_u32.saturating_sub(bits)),
    }
}

fn cidrhost(call: &CallContext<'_>) -> Answer {
    let network = Network::read(call)?;
    let number = call
        .number(1)?
        .to_integer()
        .ok_or_else(|| call.error(1, "must be a whole number"))?;
    let last = network.host_mask();
    let outside = || {
        let problem = format!(
            "is beyond the hosts of a network with a prefix of {} bits",
            network.prefix
        );
        call.error(1, problem)
    };
    let host = match u128::try_from(&number) {
        Ok(host) => Some(host).filter(|host| *host <= last),
        Err(_) => u128::try_from(-number)
            .ok()
            .and_then(|back| last.checked_sub(back - 1)),
    };
    Ok(network.show(network.address | host.ok_or_else(outside)?).into())
}

fn cidrnetmask(call: &CallContext<'_>) -> Answer {
    let network = Network::read(call)?;
    if network.bits != 32 {
        return Err(call.error(0, "must be an IPv4 network, since IPv6 has no masks"));
    }
    Ok(network.show(mask(32) & !network.host_mask()).into())
}

fn cidrsubnet(call: &CallContext<'_>) -> Answer {
    let network = Network::read(call)?;
    let new_bits = prefix_bits(call, 1, network)?;
    let number = call
        .number(2)?
        .to_integer()
        .and_then(|number| u128::try_from(number).ok())
        .ok_or_else(|| call.error(2, "must be a whole number that is not negative"))?;
    if number > mask(new_bits) {
        let problem = format!("is beyond the parts that {new_bits} bits can number");
        return Err(call.error(2, problem));
    }
    let prefix = network.prefix + new_bits;
    let shifted = number.checked_shl(network.bits - prefix).unwrap_or(0);
    let part = Network {
        address: network.address | shifted,
        prefix,
        ..network
    };
    Ok(part.show_network().into())
}

/// Reads by how many bits a prefix is longer.
fn prefix_bits(call: &CallContext<'_>, index: usize, network: Network) -> Result<u32, Stop> {
    let bits = u32::try_from(call.count(index)?).unwrap_or(u32::MAX);
    let left = network.bits - network.prefix;
    if bits > left {
        let problem = format!("must be at most {left} bits, which the prefix leaves of an address");
        return Err(call.error(index, problem));
    }
    Ok(bits)
}

fn cidrsubnets(call: &CallContext<'_>) -> Answer {
    let network = Network::read(call)?;
    let end = network.address | network.host_mask();
    let mut free = Some(network.address);
    let mut parts = Vec::new();
    for index in 1..call.arguments.len() {
        let new_bits = prefix_bits(call, index, network)?;
        if !(1..=32).contains(&new_bits) {
            return Err(call.error(index, "must be from 1 to 32 bits"));
        }
        let part = Network {
            prefix: network.prefix + new_bits,
            ..network
        };
        let hosts = part.host_mask();
        let start = free
            .and_then(|free| free.checked_add(hosts))
            .map(|free| free & !hosts);
        let Some(start) = start.filter(|start| (start | hosts) <= end) else {
            return Err(call.error(index, "does not fit what is left of the network"));
        };
        free = (start | hosts).checked_add(1);
        parts.push(
            call.part(
                Network {
                    address: start,
                    ..part
                }
                .show_network(),
            )?,
        );
    }
    Ok(Value::List(List::of(Type::String, parts)))
}
