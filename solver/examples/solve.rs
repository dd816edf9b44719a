//! Solves one problem in the exchange format and prints one line of JSON, to compare this solver with others.
//!
//! `cargo run --release -p domain --example solve -- FILE.mm [--mate OUT]`. All numbers are little endian:
//! `MMATCH01 | n u64 | m u64 | edges u64 | row starts i64[n+1] | seats u32[m] | left out i64[n] | mentor u32[edges] | cost i64[edges]`.
//! OUT receives i64[n]: the mentor of each beneficiary, or -1.
use solver::{Problem, certify, solve};
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let output = match arguments.next().as_deref() {
        None => None,
        Some("--mate") => Some(arguments.next().ok_or("--mate where?")?),
        Some(other) => return Err(format!("what is {other}?").into()),
    };
    let problem = read(&mut BufReader::with_capacity(1 << 16, File::open(file)?))?;
    let before = cpu_seconds()?;
    let solution = solve(&problem, &|| false)?;
    let solve_user_s = cpu_seconds()? - before;
    let certified = certify(&problem, solution.mate(), solution.prices())? == solution.objective();
    let line = serde_json::json!({
        "objective": solution.objective().to_string(),
        "matched": solution.matched(),
        "certified": certified,
        "solve_user_s": solve_user_s,
        "peak_mb": peak_mb()?,
    });
    writeln!(std::io::stdout(), "{line}")?;
    if let Some(output) = output {
        let mut output = BufWriter::new(File::create(output)?);
        for mentor in solution.mate() {
            output.write_all(&mentor.map_or(-1, |it| i64::from(it.0)).to_le_bytes())?;
        }
        output.flush()?;
    }
    Ok(())
}

fn read(file: &mut impl Read) -> Result<Problem, Box<dyn Error>> {
    if &bytes::<8>(file)? != b"MMATCH01" {
        return Err("not an instance".into());
    }
    let [people, mentors, edges] = [size(file)?, size(file)?, size(file)?];
    let starts = column(file, people + 1, size)?;
    let seats = column(file, mentors, |it| Ok(u32::from_le_bytes(bytes(it)?)))?;
    let left_out = column(file, people, |it| Ok(i64::from_le_bytes(bytes(it)?)))?;
    let ends = column(file, edges, |it| Ok(u32::from_le_bytes(bytes(it)?)))?;
    let costs = column(file, edges, |it| Ok(i64::from_le_bytes(bytes(it)?)))?;
    Ok(Problem::from_rows(seats, starts, left_out, ends, costs)?)
}

fn column<R: Read, T>(
    file: &mut R,
    length: usize,
    next: impl Fn(&mut R) -> Result<T, Box<dyn Error>>,
) -> Result<Vec<T>, Box<dyn Error>> {
    let mut column = Vec::with_capacity(length);
    for _ in 0..length {
        column.push(next(file)?);
    }
    Ok(column)
}

fn size(file: &mut impl Read) -> Result<usize, Box<dyn Error>> {
    Ok(usize::try_from(u64::from_le_bytes(bytes(file)?))?)
}

fn bytes<const N: usize>(file: &mut impl Read) -> Result<[u8; N], Box<dyn Error>> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The CPU time of this thread in seconds, with the time of the kernel for it.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    // The kernel updates the figure when the thread yields.
    std::thread::yield_now();
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = figures.split_whitespace().next().ok_or("no CPU time")?.parse()?;
    Ok(nanoseconds / 1e9)
}

fn peak_mb() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).ok_or("no peak")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1024.0)
}
