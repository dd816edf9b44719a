//! Proxies: the client's address behind them, read from one header that the operator names.
use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
pub use domain::base::network::Network;
use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// The header in which the proxies name the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ForwardingHeader {
    /// `X-Forwarded-For`, as most proxies send it
    XForwardedFor,
    /// `Forwarded` (RFC 7239)
    Forwarded,
}

impl ForwardingHeader {
    fn name(self) -> HeaderName {
        match self {
            Self::XForwardedFor => X_FORWARDED_FOR,
            Self::Forwarded => FORWARDED,
        }
    }
    /// The address of a hop. None for what is hidden, unknown or unreadable.
    fn address(self, hop: &str) -> Option<IpAddr> {
        match self {
            Self::XForwardedFor => node(hop.trim()),
            Self::Forwarded => node(&for_of(hop)?),
        }
    }
}

/// The value of `for` in an element of `Forwarded`. None if there is none, or two.
fn for_of(element: &str) -> Option<String> {
    let mut values = split(element, ';').into_iter().rev().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    });
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    match value.strip_prefix('"') {
        Some(quoted) => Some(quoted.strip_suffix('"')?.replace('\\', "")),
        None => Some(value.to_owned()),
    }
}

/// An address with or without a port; an IPv6 address with a port stands in brackets.
fn node(text: &str) -> Option<IpAddr> {
    let bare = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            (is_port && address.contains(':')).then_some(address)?
        }
        None => match text.split_once(':') {
            Some((address, port)) if !port.contains(':') => is_port(port).then_some(address)?,
            _ => text,
        },
    };
    bare.parse().ok().map(|it: IpAddr| it.to_canonical())
}

/// A port, or the hidden name of one (RFC 7239).
fn is_port(text: &str) -> bool {
    let is_hidden = text.starts_with('_') && text.len() > 1;
    is_hidden || (1..=5).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
}

/// The parts between separators outside of quotes, the last first. Quotes are counted from the end, so
/// that a client, who writes the beginning, cannot hide what a proxy has added.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut end, mut is_quoted) = (Vec::new(), text.len(), false);
    for (at, it) in text.char_indices().rev() {
        let before = text.get(..at).unwrap_or_default();
        if it == '"' && !(is_quoted && before.ends_with('\\')) {
            is_quoted = !is_quoted;
        } else if it == separator && !is_quoted {
            parts.extend(text.get(at + it.len_utf8()..end));
            end = at;
        }
    }
    parts.extend(text.get(..end));
    parts
}

/// The client's address: the first hop, from the last, that no trusted proxy is. Where a hop cannot be read, reading stops
/// at the proxy that named it.
pub fn client(peer: IpAddr, headers: &HeaderMap, header: ForwardingHeader, trusted: &[Network]) -> IpAddr {
    let is_trusted = |it: IpAddr| trusted.iter().any(|network| network.contains(it));
    let mut address = peer.to_canonical();
    let lines: Vec<String> = headers
        .get_all(header.name())
        .map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned())
        .collect();
    let all = lines.join(",");
    for hop in split(&all, ',').into_iter().filter(|it| !it.trim().is_empty()) {
        if !is_trusted(address) {
            break;
        }
        let Some(named) = header.address(hop) else { break };
        address = named;
    }
    address
}

/// The sender of a request.
#[derive(Debug, Clone, Copy)]
pub struct Sender {
    /// The client's address.
    pub address: IpAddr,
    /// Whether a header names another address, which was not believed.
    is_disbelieved: bool,
}

/// The sender of a request.
pub fn sender(request: &HttpRequest, header: ForwardingHeader, trusted: &[Network]) -> Sender {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |it| it.ip().to_canonical());
    let address = client(peer, request.headers(), header, trusted);
    let is_named = [FORWARDED, X_FORWARDED_FOR].iter().any(|it| request.headers().contains_key(it));
    Sender { address, is_disbelieved: is_named && address == peer }
}

/// Accounts at one inner address behind a header that is not believed, after which the log says so.
const FEW: usize = 5;
/// The same without a header, where no other address was seen.
const MANY: usize = 50;

/// Looks whether all clients seem to have one address, which is that of a proxy. Then they share what one client may do.
#[derive(Default)]
pub struct Lookout(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    accounts: HashSet<String>,
    addresses: HashSet<IpAddr>,
    is_told: bool,
}

impl Lookout {
    /// Notes a login, and says once in the log that a proxy seems to stand in front.
    pub fn note(&self, account: &str, sender: Sender) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.is_told && seen.is_one(account, sender) {
            seen.is_told = true;
            log::warn!(
                "logins of many accounts come from {}, which seems to be a proxy: wrong passwords of all of them are \
                 counted as those of one client. Name it by --trusted-proxies, and its header by --forwarding-header",
                sender.address
            );
        }
    }
}

impl Seen {
    fn is_one(&mut self, account: &str, sender: Sender) -> bool {
        if self.addresses.len() < 2 {
            self.addresses.insert(sender.address);
        }
        if !is_inner(sender.address) {
            return false;
        }
        if self.accounts.len() < MANY {
            self.accounts.insert(account.to_owned());
        }
        let most = if sender.is_disbelieved { FEW } else { MANY };
        (sender.is_disbelieved || self.addresses.len() == 1) && self.accounts.len() >= most
    }
}

/// Whether the address is of a machine or a network inside, where proxies are.
fn is_inner(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_loopback() || it.is_private() || it.is_link_local(),
        IpAddr::V6(it) => it.is_loopback() || it.is_unique_local() || it.is_unicast_link_local(),
    }
}
