//! Rounds compared with slower algorithms that share no code with them.
#[path = "../../../../solver/src/tests/dice.rs"]
mod dice;
mod explanations;
mod people;
mod preview;
mod recall;
mod rounds;
mod speed;
mod tally;
mod town;

use dice::Dice;
