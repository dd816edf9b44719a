//! Keys under which records that may be of one person meet.
use super::Traits;
use super::traits::digest;
use chrono::Datelike;
use uuid::Uuid;

/// A key: a digest of some traits, so that some key of a record stays whole beside any fault in it.
pub type MatchKey = Uuid;

/// The keys of a person, without repetition, in order.
pub fn match_keys(of: &Traits) -> Vec<MatchKey> {
    let (year, day, month) = (of.born.year(), of.born.day(), of.born.month());
    let (less, more) = (day.min(month), day.max(month));
    let (family, given) = (&of.family.whole, &of.given.whole);
    let (first, second) = if family <= given { (family, given) } else { (given, family) };
    let heard = &of.family.skeleton;
    let letter = |it: Option<char>| it.unwrap_or(' ');
    let (given_initial, family_initial) = (letter(of.given.initial()), letter(of.family.initial()));
    let mut keys = vec![
        format!("day {year} {less} {more} {given_initial}"),
        format!("family day {year} {less} {more} {family_initial}"),
        format!("heard {heard} {given_initial} {year}"),
        format!("heard day {heard} {less} {more}"),
        format!("names {first} {second} {year}"),
    ];
    if let Some(patronymic) = &of.patronymic {
        keys.push(format!("patronymic day {given} {} {day} {month}", patronymic.whole));
        keys.push(format!("patronymic {given} {} {year}", patronymic.whole));
    }
    keys.extend(of.snils.map(|it| format!("snils {it}")));
    keys.extend(of.phones.iter().map(|it| format!("phone {it}")));
    let mut keys: Vec<MatchKey> = keys.iter().map(|it| Uuid::from_u128(digest(it))).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
