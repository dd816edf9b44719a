//! Networks of addresses.
use std::net::IpAddr;
use std::str::FromStr;

/// A network in the form of CIDR, such as `10.0.0.0/8`. A single address is a network of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether the address is in the network.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(it)) => {
                (own.to_bits() ^ it.to_bits()).checked_shr(32 - self.prefix).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(it)) => {
                (own.to_bits() ^ it.to_bits()).checked_shr(128 - self.prefix).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
    /// The network around an address that tells where it is and not whose: `/24`, or `/48` of IPv6.
    pub fn around(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(it) => {
                Self { address: IpAddr::V4((it.to_bits() & (u32::MAX << 8)).into()), prefix: 24 }
            }
            IpAddr::V6(it) => {
                Self { address: IpAddr::V6((it.to_bits() & (u128::MAX << 80)).into()), prefix: 48 }
            }
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl FromStr for Network {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no network such as 10.0.0.0/8 or fd00::/8, and no address");
        let (address, prefix) =
            text.trim().split_once('/').map_or((text.trim(), None), |(it, n)| (it, Some(n)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), |it| it.parse::<u32>().map_err(|_| wrong()))?;
        if prefix > longest {
            return Err(wrong());
        }
        // IPv4 written as IPv6 is IPv4 here.
        let (address, prefix) = match address.to_canonical() {
            it if it.is_ipv4() && longest == 128 => (it, prefix.saturating_sub(96)),
            it => (it, prefix),
        };
        if prefix == 0 {
            return Err(format!("'{text}' is every address, so anybody could name any other"));
        }
        Ok(Self { address, prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_around_an_address_holds_it_and_its_neighbours() {
        let around = |it: &str| Network::around(it.parse().unwrap()).to_string();
        assert_eq!(around("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(around("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(around("2001:db8:1:2::3"), "2001:db8:1::/48");
        assert!(Network::around("203.0.113.77".parse().unwrap()).contains("203.0.113.1".parse().unwrap()));
    }
}
