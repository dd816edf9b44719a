//! People who were made up, with records that tell of one of them twice. The same seed makes the same people.
//!
//! Of a hundred records, thirteen are copies with the errors of clerks: a letter, a lost patronymic, a date with day and month
//! swapped, a name read from a passport, a surname before the wedding. Twins, siblings and namesakes of their parents are other people.
use super::{Known, Sex};
use chrono::{Datelike, NaiveDate, TimeDelta};

/// A person who was made up.
#[derive(Debug, Clone)]
pub struct Made {
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Whether this is a man.
    pub is_male: bool,
    /// The code of the municipality.
    pub residence: String,
    /// СНИЛС.
    pub snils: Option<String>,
    /// Telephones.
    pub phones: Vec<String>,
    /// The number of the person whom the record tells of.
    pub person: usize,
    /// The number of the household.
    pub household: usize,
    family: String,
    father: String,
}

impl Made {
    /// The record as the register knows it.
    pub fn known(&self) -> Known<'_> {
        Known {
            family_name: &self.family_name,
            given_name: &self.given_name,
            patronymic: self.patronymic.as_deref(),
            birth_date: self.birth_date,
            sex: if self.is_male { Sex::Male } else { Sex::Female },
            residence: Some(&self.residence),
            snils: self.snils.as_deref(),
            phones: &self.phones,
        }
    }
}

/// Numbers that look random (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }
    /// A number below that one.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }
    /// Whether something happens that does so that often of a thousand times.
    fn falls(&mut self, of_thousand: usize) -> bool {
        self.below(1000) < of_thousand
    }
    fn one_of<T: Clone + Default>(&mut self, all: &[T]) -> T {
        all.get(self.below(all.len())).cloned().unwrap_or_default()
    }
    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from_digit(u32::try_from(self.below(10)).unwrap_or_default(), 10).unwrap_or('0'))
            .collect()
    }
}

/// Words, the first of which are the most frequent: the n-th is taken as often as 1 / (n + 5).
struct Zipf<T> {
    words: Vec<T>,
    sums: Vec<u64>,
}

impl<T: Clone + Default> Zipf<T> {
    fn new(words: Vec<T>) -> Self {
        let mut sum = 0;
        let weight = |n: usize| 1_000_000 / (u64::try_from(n).unwrap_or_default() + 5);
        let sums = (0..words.len()).map(|n| {
            sum += weight(n);
            sum
        });
        Self { sums: sums.collect(), words }
    }
    fn take(&self, dice: &mut Dice) -> T {
        let at = dice.next() % self.sums.last().copied().unwrap_or(1);
        self.words.get(self.sums.partition_point(|it| *it <= at)).cloned().unwrap_or_default()
    }
}

const FREQUENT: &str = "иванов смирнов кузнецов попов васильев петров соколов михайлов новиков федоров морозов волков алексеев лебедев семенов егоров павлов козлов степанов николаев орлов андреев макаров никитин захаров зайцев соловьев борисов яковлев григорьев романов воробьев сергеев кузьмин фролов александров дмитриев королев гусев киселев ильин максимов поляков сорокин виноградов ковалев белов медведев антонов тарасов жуков баранов филиппов комаров давыдов беляев герасимов богданов осипов сидоров матвеев титов марков миронов крылов куликов карпов власов мельников денисов гаврилов тихонов казаков афанасьев данилов савельев тимофеев фомин чернов абрамов мартынов ефимов федотов щербаков назаров калинин исаев чернышев быков маслов родионов коновалов лазарев воронин климов филатов пономарев голубев кудрявцев прохоров наумов потапов журавлев овчинников трофимов леонов соболев ермаков колесников гончаров емельянов никифоров грачев котов гришин ефремов архипов громов кириллов малышев панов моисеев румянцев акимов кондратьев бирюков горбунов анисимов еремин тихомиров галкин лукьянов михеев скворцов юдин белоусов нестеров симонов прокофьев харитонов князев цветков левин митрофанов воронов аксенов софронов мальцев логинов горшков савин краснов майоров демидов елисеев рыбаков сафонов плотников демин хохлов фадеев молчанов игнатов литвинов ершов ушаков дементьев рябов мухин калашников леонтьев лобанов кузин корнеев евдокимов бородин платонов некрасов балашов бобров жданов блинов игнатьев коротков муравьев крюков беляков богомолов дроздов лаврентьев ильина дашиев цыренов батуев бадмаев дамбаев ханхасаев хамаганов шагдаров";
const MALE: &str = "александр сергей владимир андрей алексей дмитрий николай евгений иван михаил максим артём виктор юрий никита даниил игорь олег роман павел кирилл егор илья матвей тимофей ярослав денис антон константин вячеслав василий григорий степан пётр фёдор геннадий валерий виталий станислав руслан баир бато тимур георгий семён лев марк глеб захар арсений";
const FEMALE: &str = "анна мария елена ольга наталья татьяна ирина екатерина светлана анастасия юлия людмила галина надежда валентина марина виктория дарья полина алина ксения софья алёна вера любовь лариса нина оксана маргарита валерия диана евгения александра кристина вероника арина варвара милана ульяна таисия яна инна зоя лидия тамара баирма сэсэг раиса жанна эльвира";
const PATRONYMICS: &str = "александро:в сергее:в владимиро:в андрее:в алексее:в дмитрие:в николае:в евгенье:в ивано:в михайло:в максимо:в викторо:в юрье:в игоре:в олего:в романо:в павло:в анатолье:в константино:в вячеславо:в василье:в григорье:в степано:в петро:в фёдоро:в геннадье:в валерье:в виталье:в станиславо:в руслано:в баиро:в тимуро:в георгие:в семёно:в борисо:в леонидо:в эдуардо:в денисо:в антоно:в артёмо:в";
const SYLLABLES: [&str; 24] = [
    "ба", "ве", "го", "ду", "жи", "за", "ке", "ло", "му", "ни", "па", "ре", "со", "ту", "фи", "ха", "че",
    "шо", "бол", "вар", "гер", "дол", "мур", "тел",
];
const ENDS: [&str; 8] = ["ов", "ев", "ин", "ский", "ко", "ых", "ук", "он"];

/// The parts of which made people consist.
struct Stuff {
    families: Zipf<String>,
    men: Zipf<String>,
    women: Zipf<String>,
    fathers: Zipf<String>,
    places: Zipf<String>,
}

/// Family names that are made of syllables.
const MADE: usize = 4000;
const PLACES: usize = 42;

impl Stuff {
    fn new(dice: &mut Dice) -> Self {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mut families = words(FREQUENT);
        for _ in 0..MADE {
            let middle = if dice.falls(500) { dice.one_of(&SYLLABLES) } else { "" };
            families.push(format!(
                "{}{middle}{}{}",
                dice.one_of(&SYLLABLES),
                dice.one_of(&["р", "л", "н", "т", "д", "к"]),
                dice.one_of(&ENDS)
            ));
        }
        let places = (0..PLACES).map(|it| format!("256{it:02}000")).collect();
        Self {
            families: Zipf::new(families),
            men: Zipf::new(words(MALE)),
            women: Zipf::new(words(FEMALE)),
            fathers: Zipf::new(words(PATRONYMICS)),
            places: Zipf::new(places),
        }
    }
    fn given(&self, dice: &mut Dice, is_male: bool) -> String {
        let names = if is_male { &self.men } else { &self.women };
        let name = names.take(dice);
        if dice.falls(10) { format!("{name}-{}", names.take(dice)) } else { name }
    }
    /// A family name, in the form for men.
    fn family(&self, dice: &mut Dice) -> String {
        let name = self.families.take(dice);
        if dice.falls(20) { format!("{name}-{}", self.families.take(dice)) } else { name }
    }
}

/// The family name in the form for that sex.
fn of_sex(family: &str, is_male: bool) -> String {
    let form = |word: &str| match word {
        it if is_male => it.to_owned(),
        it if it.ends_with("ов") || it.ends_with("ев") || it.ends_with("ин") => format!("{it}а"),
        it => it.strip_suffix("ский").map_or_else(|| it.to_owned(), |it| format!("{it}ская")),
    };
    family.split('-').map(form).collect::<Vec<_>>().join("-")
}

fn patronymic(father: &str, is_male: bool) -> String {
    let stem = father.replace(':', "");
    if is_male { format!("{stem}ич") } else { format!("{stem}на") }
}

/// Makes that many records.
pub fn made(seed: u64, count: usize) -> Vec<Made> {
    let mut dice = Dice(seed);
    let stuff = Stuff::new(&mut dice);
    let mut all: Vec<Made> = Vec::with_capacity(count);
    let mut person = 0;
    while all.len() < count {
        let of = all.get(dice.below(all.len()));
        let next = match (dice.below(1000), of) {
            (0..130, Some(of)) => copy(&stuff, &mut dice, of),
            (130..140, Some(of)) => Made { birth_date: of.birth_date, ..sibling(&stuff, &mut dice, of) },
            (140..210, Some(of)) => sibling(&stuff, &mut dice, of),
            (210..225, Some(of)) => child(&stuff, &mut dice, of),
            _ => original(&stuff, &mut dice),
        };
        // A copy has the number of its person, and everybody else the next one.
        let number = if next.person == NEW { person } else { next.person };
        person += usize::from(next.person == NEW);
        let household = if next.household == NEW { number } else { next.household };
        all.push(Made { person: number, household, ..next });
    }
    all
}

/// The number of a person or a household that gets one.
const NEW: usize = usize::MAX;

fn snils(dice: &mut Dice) -> Option<String> {
    dice.falls(850).then(|| dice.digits(11))
}

fn phones(dice: &mut Dice) -> Vec<String> {
    if dice.falls(700) { vec![dice.digits(10)] } else { Vec::new() }
}

fn days(count: usize) -> TimeDelta {
    TimeDelta::days(i64::try_from(count).unwrap_or_default())
}

fn original(stuff: &Stuff, dice: &mut Dice) -> Made {
    let is_male = dice.falls(480);
    let (family, father) = (stuff.family(dice), stuff.fathers.take(dice));
    Made {
        family_name: of_sex(&family, is_male),
        given_name: stuff.given(dice, is_male),
        patronymic: dice.falls(970).then(|| patronymic(&father, is_male)),
        birth_date: NaiveDate::from_ymd_opt(1935, 1, 1).unwrap_or_default() + days(dice.below(365 * 88)),
        is_male,
        residence: stuff.places.take(dice),
        snils: snils(dice),
        phones: phones(dice),
        person: NEW,
        household: NEW,
        family,
        father,
    }
}

/// A brother or a sister, who has the names of the father, the address and often the telephone of the other.
fn sibling(stuff: &Stuff, dice: &mut Dice, of: &Made) -> Made {
    let is_male = dice.falls(500);
    let apart = days(300 + dice.below(4000));
    let mut given_name = stuff.given(dice, is_male);
    while given_name == of.given_name {
        given_name = stuff.given(dice, is_male);
    }
    Made {
        family_name: of_sex(&of.family, is_male),
        given_name,
        patronymic: of.patronymic.is_some().then(|| patronymic(&of.father, is_male)),
        birth_date: if dice.falls(500) { of.birth_date + apart } else { of.birth_date - apart },
        is_male,
        snils: snils(dice),
        person: NEW,
        ..of.clone()
    }
}

/// A son or a daughter, who now and then has the very names of the parent.
fn child(stuff: &Stuff, dice: &mut Dice, of: &Made) -> Made {
    let own = original(stuff, dice);
    let (is_male, is_namesake) = (of.is_male, dice.falls(400));
    Made {
        family_name: of.family_name.clone(),
        given_name: if is_namesake { of.given_name.clone() } else { stuff.given(dice, is_male) },
        patronymic: if is_namesake {
            of.patronymic.clone()
        } else {
            own.patronymic.filter(|_| own.is_male == is_male)
        },
        birth_date: of.birth_date + days(7000 + dice.below(6000)),
        snils: own.snils,
        person: NEW,
        ..of.clone()
    }
}

/// A second record of the same person, with the errors of clerks.
fn copy(stuff: &Stuff, dice: &mut Dice, of: &Made) -> Made {
    let mut it = of.clone();
    if !it.is_male && dice.falls(60) {
        it.family = stuff.family(dice);
        it.family_name = of_sex(&it.family, false);
    }
    if dice.falls(500)
        && let Some((first, second)) = it.family_name.split_once('-')
    {
        it.family_name = if dice.falls(500) { first.to_owned() } else { second.to_owned() };
    }
    for (name, often) in
        [(Some(&mut it.family_name), 120), (Some(&mut it.given_name), 70), (it.patronymic.as_mut(), 70)]
    {
        let Some(name) = name else { continue };
        *name = if dice.falls(often) { spoilt(dice, name) } else { name.clone() };
        *name = if dice.falls(500) { name.replace('ё', "е") } else { name.clone() };
    }
    if dice.falls(30) {
        let names = [Some(&mut it.family_name), Some(&mut it.given_name), it.patronymic.as_mut()];
        names.into_iter().flatten().for_each(|it| *it = latin(it));
    }
    if dice.falls(20) {
        std::mem::swap(&mut it.family_name, &mut it.given_name);
    }
    it.patronymic = it.patronymic.filter(|_| !dice.falls(120));
    it.birth_date = misread(dice, it.birth_date);
    it.is_male ^= dice.falls(5);
    it.residence = if dice.falls(120) { stuff.places.take(dice) } else { it.residence };
    it.snils = if dice.falls(10) { snils(dice) } else { it.snils.filter(|_| !dice.falls(400)) };
    it.phones = if dice.falls(400) { phones(dice) } else { it.phones };
    it
}

/// A word with a letter too many, too few or wrong, or with two neighbours swapped.
fn spoilt(dice: &mut Dice, word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len());
    let letter = dice.one_of(&['а', 'о', 'е', 'и', 'н', 'т', 'с', 'р', 'в', 'л', 'к', 'м']);
    match dice.below(4) {
        0 => letters.insert(at, letter),
        1 if letters.len() > 2 => {
            letters.remove(at);
        }
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters.iter_mut().skip(at).take(1).for_each(|it| *it = letter),
    }
    letters.into_iter().collect()
}

/// A date as it is read badly.
fn misread(dice: &mut Dice, it: NaiveDate) -> NaiveDate {
    let (year, month, day) = (it.year(), it.month(), it.day());
    let read = match dice.below(1000) {
        0..50 => NaiveDate::from_ymd_opt(year, day, month),
        50..80 => NaiveDate::from_ymd_opt(
            year,
            month,
            day / 10 * 10 + u32::try_from(dice.below(10)).unwrap_or_default(),
        ),
        80..95 => NaiveDate::from_ymd_opt(year, 1 + u32::try_from(dice.below(12)).unwrap_or_default(), day),
        95..115 => {
            NaiveDate::from_ymd_opt(year + 1 - i32::try_from(dice.below(3)).unwrap_or_default(), month, day)
        }
        115..135 => NaiveDate::from_ymd_opt(year, 1, 1),
        135..140 => Some(it + days(dice.below(1000))),
        _ => None,
    };
    read.unwrap_or(it)
}

/// A name as passports write it (ICAO 9303).
fn latin(name: &str) -> String {
    const LETTERS: &str = "а:a б:b в:v г:g д:d е:e ё:e ж:zh з:z и:i й:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch ъ:ie ы:y ь: э:e ю:iu я:ia";
    let of = |letter: char| LETTERS.split(' ').find_map(|it| it.strip_prefix(letter)?.strip_prefix(':'));
    name.chars().map(|it| of(it).map_or_else(|| it.to_string(), str::to_owned)).collect()
}
