//! Compares made people and prints one line of JSON: how many of the true pairs were found, and how much of the found is true.
//!
//! `cargo run --release -p domain --example duplicates -- PEOPLE SEED [FILE]`. FILE receives the people as tab-separated lines, so that
//! another program can be asked about the same. The people are scanned twice: another second answer is a fault.
mod made;

use domain::people::Sex;
use domain::people::likeness::{Known, LIKELY, LikePair, POSSIBLE, Traits, scan};
use made::Made;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().ok_or("how many people?")?.parse()?;
    let seed = arguments.next().ok_or("which seed?")?.parse()?;
    let people = made::made(seed, count);
    if let Some(file) = arguments.next() {
        write(&people, File::create(file)?)?;
    }
    let traits: Vec<Traits> = people.iter().map(|it| Traits::of(&it.known())).collect();
    let begun = Instant::now();
    let pairs = scan(&traits);
    let seconds = begun.elapsed().as_secs_f64();
    if scan(&traits) != pairs {
        return Err("the second answer is another one".into());
    }
    let figures = |bar| figures(&people, &pairs, bar);
    let line = serde_json::json!({
        "people": people.len(),
        "seed": seed,
        "scan_s": seconds,
        "true_pairs": true_pairs(&people),
        "possible": figures(POSSIBLE)?,
        "likely": figures(LIKELY)?,
    });
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

/// The pairs of records that tell of one person.
fn true_pairs(people: &[Made]) -> usize {
    let mut records: BTreeMap<usize, usize> = BTreeMap::new();
    people.iter().for_each(|it| *records.entry(it.person).or_default() += 1);
    records.values().map(|it| it * (it - 1) / 2).sum()
}

/// Recall, precision and their harmonic mean among the pairs from that bar on.
fn figures(people: &[Made], pairs: &[LikePair], bar: i32) -> Result<serde_json::Value, Box<dyn Error>> {
    let person = |at: usize| people.get(at).map(|it| it.person);
    let found: Vec<&LikePair> = pairs.iter().filter(|it| it.likeness.tenths_of_bits >= bar).collect();
    let right = found.iter().filter(|it| person(it.one) == person(it.other)).count();
    let number = |it: usize| u32::try_from(it).map(f64::from);
    let [right, found, all] = [number(right)?, number(found.len())?, number(true_pairs(people))?];
    let (recall, precision) = (right / all, right / found);
    Ok(serde_json::json!({"recall": recall, "precision": precision, "f1": 2.0 * right / (all + found)}))
}

fn write(people: &[Made], to: File) -> std::io::Result<()> {
    let mut to = BufWriter::new(to);
    writeln!(
        to,
        "unique_id\tperson\tfamily_name\tgiven_name\tpatronymic\tbirth_date\tsex\tresidence\tsnils\tphone"
    )?;
    for (number, it) in people.iter().enumerate() {
        let text = |it: Option<&String>| it.cloned().unwrap_or_default();
        let (person, sex) = (it.person, if it.is_male { "male" } else { "female" });
        let (family, given, patronymic) = (&it.family_name, &it.given_name, text(it.patronymic.as_ref()));
        let (born, residence) = (it.birth_date, &it.residence);
        let (snils, phone) = (text(it.snils.as_ref()), text(it.phones.first()));
        writeln!(
            to,
            "{number}\t{person}\t{family}\t{given}\t{patronymic}\t{born}\t{sex}\t{residence}\t{snils}\t{phone}"
        )?;
    }
    to.flush()
}
