use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use api::http::logins::proxies::{ForwardingHeader, Network, client};
use std::net::IpAddr;

const BY_RFC: ForwardingHeader = ForwardingHeader::Forwarded;
const BY_CUSTOM: ForwardingHeader = ForwardingHeader::XForwardedFor;

fn networks(all: &[&str]) -> Vec<Network> {
    all.iter().map(|it| it.parse().unwrap_or_else(|why| panic!("{why}"))).collect()
}

/// The client as a server in 10.0.0.0/8 behind 10.0.0.1 reads it from these lines.
fn read(header: ForwardingHeader, lines: &[&[u8]]) -> String {
    let name = if header == BY_RFC { "forwarded" } else { "x-forwarded-for" };
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(line).unwrap());
    }
    let trusted = networks(&["10.0.0.0/8", "fd00::/8"]);
    client("10.0.0.1".parse().unwrap(), &headers, header, &trusted).to_string()
}

#[test]
fn the_client_is_the_first_hop_from_the_end_that_is_no_trusted_proxy() {
    for (lines, client) in [
        (vec!["203.0.113.7"], "203.0.113.7"),
        (vec!["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (vec!["198.51.100.1", "203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (vec!["203.0.113.7", "10.1.2.3", "10.0.0.2"], "203.0.113.7"),
        (vec!["198.51.100.1,203.0.113.7:51234,10.0.0.2:80"], "203.0.113.7"),
        (vec!["2001:db8::7"], "2001:db8::7"),
        (vec!["[2001:db8::7]"], "2001:db8::7"),
        (vec!["[2001:db8::7]:51234, fd00::1"], "2001:db8::7"),
        (vec!["::ffff:203.0.113.7"], "203.0.113.7"),
        (vec!["203.0.113.7,, ,10.0.0.2,"], "203.0.113.7"),
        (vec!["10.0.0.9"], "10.0.0.9"),
        (vec![""], "10.0.0.1"),
        (vec![], "10.0.0.1"),
    ] {
        let bytes: Vec<&[u8]> = lines.iter().map(|it| it.as_bytes()).collect();
        assert_eq!(read(BY_CUSTOM, &bytes), client, "{lines:?}");
    }
}

#[test]
fn forwarded_is_read_as_rfc_7239_has_it() {
    for (lines, client) in [
        (vec!["for=203.0.113.7"], "203.0.113.7"),
        (vec!["For=\"203.0.113.7:4711\""], "203.0.113.7"),
        (vec!["for=\"[2001:db8:cafe::17]:4711\""], "2001:db8:cafe::17"),
        (vec!["FOR = 203.0.113.7 ; proto=https; by=10.0.0.3"], "203.0.113.7"),
        (vec!["proto=http;by=\"10.0.0.3;for=1.1.1.1\";for=203.0.113.7"], "203.0.113.7"),
        (vec!["for=198.51.100.1", "for=203.0.113.7, for=10.0.0.2"], "203.0.113.7"),
        (vec!["for=203.0.113.7:_hidden"], "203.0.113.7"),
        (vec!["for=\"198.51.100.1, for=203.0.113.7"], "203.0.113.7"),
        (vec!["for=\"\\, for=203.0.113.7"], "203.0.113.7"),
    ] {
        let bytes: Vec<&[u8]> = lines.iter().map(|it| it.as_bytes()).collect();
        assert_eq!(read(BY_RFC, &bytes), client, "{lines:?}");
    }
}

#[test]
fn a_hop_that_cannot_be_read_stops_the_reading_there() {
    for hop in [
        "unknown",
        "_secret",
        "203.0.113",
        "203.0.113.7:port",
        "fe80::1%eth0",
        "[2001:db8::7",
        "[203.0.113.7]",
        "203.0.113.7:123456",
        "<script>",
    ] {
        assert_eq!(
            read(BY_CUSTOM, &[format!("198.51.100.1, {hop}, 10.0.0.2").as_bytes()]),
            "10.0.0.2",
            "{hop}"
        );
        assert_eq!(read(BY_CUSTOM, &[b"198.51.100.1", hop.as_bytes()]), "10.0.0.1", "{hop}");
        let forwarded = format!("for=198.51.100.1, for=\"{hop}\", for=10.0.0.2");
        assert_eq!(read(BY_RFC, &[forwarded.as_bytes()]), "10.0.0.2", "{hop}");
    }
    for element in ["proto=https", "for=", "for", "for=1.1.1.1;for=2.2.2.2"] {
        assert_eq!(
            read(BY_RFC, &[format!("for=198.51.100.1, {element}").as_bytes()]),
            "10.0.0.1",
            "{element}"
        );
    }
    assert_eq!(
        read(BY_CUSTOM, &[b"\xff\xfe, 203.0.113.7"]),
        "203.0.113.7",
        "what stands before is not looked at"
    );
    assert_eq!(read(BY_CUSTOM, &[b"198.51.100.1, \xff\xfe"]), "10.0.0.1");
}

#[test]
fn nobody_who_is_no_trusted_proxy_names_another_address() {
    let mut headers = HeaderMap::new();
    for name in ["forwarded", "x-forwarded-for"] {
        let value = if name == "forwarded" { "for=203.0.113.7" } else { "203.0.113.7" };
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let peer: IpAddr = "192.0.2.1".parse().unwrap();
    for header in [BY_RFC, BY_CUSTOM] {
        assert_eq!(client(peer, &headers, header, &networks(&["10.0.0.0/8"])), peer);
        assert_eq!(client(peer, &headers, header, &[]), peer);
    }
    let mut other = HeaderMap::new();
    other.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static("203.0.113.7"));
    assert_eq!(
        client(peer, &other, BY_RFC, &networks(&["192.0.2.1"])),
        peer,
        "one header is read, and no other"
    );
}

#[test]
fn a_network_is_given_in_cidr() {
    for (network, inside, outside) in [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
        ("10.1.2.3/8", "10.0.0.1", "2001:db8::1"),
        ("192.168.1.7", "192.168.1.7", "192.168.1.8"),
        ("172.16.0.0/12", "172.31.255.255", "172.32.0.0"),
        ("fd00::/8", "fdff::1", "fe00::1"),
        ("2001:db8::1/128", "2001:db8::1", "2001:db8::2"),
        ("::ffff:10.0.0.0/104", "10.9.9.9", "11.0.0.1"),
        ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
    ] {
        let one = networks(&[network]);
        assert!(one[0].contains(inside.parse().unwrap()), "{network} {inside}");
        assert!(!one[0].contains(outside.parse().unwrap()), "{network} {outside}");
    }
    for wrong in [
        "",
        "10.0.0",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "fd00::/129",
        "proxy.internal",
        "0.0.0.0/0",
        "::/0",
        "::ffff:0:0/96",
    ] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}
