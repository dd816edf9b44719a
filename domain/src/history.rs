//! Histories in words: every kind of fact of all areas, with its sentences in both languages.
//!
//! Kinds come from `facts!`, and for entries from their own names and steps, so that no fact is without its sentences.
use crate::base::entry::About;
use crate::base::named;
use crate::base::named::FIELDS;
use crate::base::telling::{Detail, InWords, Labels, Shown, Told};
use crate::base::word::{CatalogueEntry, Word, words};
use crate::entries;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The facts of all areas that rules state.
const FACTS: &[&[Told]] = &[
    crate::accompaniment::case_problems::FACTS,
    crate::accompaniment::cases::FACTS,
    crate::accompaniment::cases::grounds::FACTS,
    crate::accompaniment::cases::reviews::FACTS,
    crate::accompaniment::assessments::FACTS,
    crate::accompaniment::living::FACTS,
    crate::accompaniment::living::enrolments::FACTS,
    crate::accompaniment::tasks::FACTS,
    crate::accompaniment::team::FACTS,
    crate::accompaniment::monthly_records::FACTS,
    crate::accompaniment::transfers::FACTS,
    crate::partnership::council_meetings::FACTS,
    crate::partnership::decisions::FACTS,
    crate::help::places::blocks::FACTS,
    crate::help::stays::FACTS,
    crate::help::place_requests::FACTS,
    crate::partnership::community::members::FACTS,
    crate::help::intake_requests::FACTS,
    crate::help::referrals::FACTS,
    crate::help::crises::FACTS,
    crate::accompaniment::consilia::FACTS,
    crate::accompaniment::plan_forms::FACTS,
    crate::accompaniment::plans::FACTS,
    crate::help::stock::FACTS,
    crate::partnership::events::participants::FACTS,
    crate::help::emergency_aids::FACTS,
    crate::matching::editions::FACTS,
    crate::matching::joint_activities::FACTS,
    crate::matching::joint_activities::choices::FACTS,
    crate::matching::joint_activities::vetoes::FACTS,
    crate::matching::profiles::FACTS,
    crate::matching::rounds::states::FACTS,
    crate::mentors::applications::FACTS,
    crate::mentors::assessment::FACTS,
    crate::mentors::mentor::FACTS,
    crate::mentors::removal::FACTS,
    crate::mentors::training::FACTS,
    crate::mentorships::corrections::FACTS,
    crate::mentorships::course::FACTS,
    crate::mentorships::endings::FACTS,
    crate::mentorships::group_meetings::FACTS,
    crate::mentorships::meetings::FACTS,
    crate::mentorships::mentor_reports::FACTS,
    crate::mentorships::requests::FACTS,
    crate::mentorships::sides::FACTS,
    crate::mentorships::steps::FACTS,
    crate::mentorships::surveys::FACTS,
    crate::partnership::agreements::FACTS,
    crate::people::access_requests::FACTS,
    crate::people::consents::FACTS,
    crate::people::beneficiaries::FACTS,
    crate::people::death::FACTS,
    crate::people::families::FACTS,
    crate::people::persons::FACTS,
    crate::people::register::FACTS,
    crate::people::register::merges::FACTS,
    crate::people::register::candidates::FACTS,
    crate::people::register::scans::FACTS,
    crate::people::register::searches::FACTS,
    crate::region::annexes::FACTS,
    crate::region::files::FACTS,
    crate::region::jobs::FACTS,
    crate::region::programs::FACTS,
    crate::region::programs::editions::FACTS,
    crate::region::users::FACTS,
    crate::region::users::access_keys::FACTS,
    crate::region::users::one_time::FACTS,
    crate::region::users::sessions::FACTS,
];

words! {
    /// The one who caused an event, by role.
    HistoryActor in "history-actors" {
        System = "system", "система", "the system";
        Yourself = "yourself", "вы", "you";
        Account = "account", "пользователь", "an account";
        Staff = "staff", "специалист учреждения", "the institution's specialist";
        Mentor = "mentor", "наставник", "the mentor";
        Recipient = "recipient", "получатель социальных услуг или его представитель", "the recipient or a representative";
    }
}

macro_rules! steps {
    ($($form:ty => $step:ty;)*) => {
        /// The facts of the steps of entries.
        const STEPS: &[Option<&Told>] = &[$(<$step as $crate::base::entry::Step<$form>>::TOLD),*];
    };
}
crate::every_step!(steps!);

/// A kind of fact that is told, and its labels.
#[derive(Debug)]
struct Kind {
    told: Told,
    label: InWords,
}

/// Every kind, by its code.
static KINDS: LazyLock<HashMap<&'static str, Kind>> = LazyLock::new(|| {
    let of_rules = FACTS.iter().copied().flatten().copied();
    let of_steps = STEPS.iter().copied().flatten().copied();
    let of_entries = entries::ALL.iter().copied().flat_map(of_entry);
    let all = of_rules.chain(of_steps).chain(of_entries);
    all.map(|told| (told.kind, Kind { label: told.label(), told })).collect()
});

/// The facts that every entry has: it is entered, edited and annulled under its own name.
fn of_entry(about: &'static About) -> Vec<Told> {
    fn kept(text: String) -> &'static str {
        // Once for each entry of the program: the text lives as long as the program.
        Box::leak(text.into_boxed_str())
    }
    let (ru, en) = (about.kind.ru(), about.one);
    let told = |kind, ru: String, en: String, details| Told { kind, ru: kept(ru), en: kept(en), details };
    let mut all = vec![
        told(about.added, format!("Внесено: {ru}"), format!("Entered: {en}"), details_of(about)),
        told(
            about.edited,
            format!("Изменено: {ru}[; {{fields}}]"),
            format!("Edited: {en}[; {{fields}}]"),
            FIELDS,
        ),
    ];
    if about.has_annulment {
        all.push(told(about.annulled, format!("Аннулировано: {ru}"), format!("Annulled: {en}"), &[]));
    }
    all
}

/// The details that the fact of entering tells: members that it names, and the parent.
fn details_of(about: &'static About) -> &'static [Detail] {
    let members = about.members.iter().filter(|it| it.is_told);
    let told = members.filter_map(|it| Some(Detail { named: named::find(it.name)?, shown: it.shown }));
    let parent = about.parent.as_ref();
    let parent =
        parent.and_then(|it| Some(Detail { named: named::find(it.column)?, shown: Shown::Id(it.id) }));
    Box::leak(told.chain(parent).collect::<Vec<_>>().into_boxed_slice())
}

/// The kind of fact with this name.
pub fn told(kind: &str) -> Option<&'static Told> {
    KINDS.get(kind).map(|it| &it.told)
}

/// The labels of a member of a form.
pub fn member(name: &str) -> Option<Labels> {
    named::find(name).map(|it| Labels(it.ru, it.en))
}

/// The catalogue of kinds of facts.
pub fn kinds() -> Vec<CatalogueEntry> {
    static ENTRIES: LazyLock<Vec<CatalogueEntry>> = LazyLock::new(|| {
        let entry = |(code, it): (&&'static str, &'static Kind)| {
            CatalogueEntry::labelled(code, &it.label.ru, &it.label.en)
        };
        let mut all: Vec<CatalogueEntry> = KINDS.iter().map(entry).collect();
        all.sort_by_key(|it| it.code);
        all
    });
    ENTRIES.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn placeholders(sentence: &str) -> Vec<&str> {
        sentence.split('{').skip(1).filter_map(|it| it.split('}').next()).collect()
    }

    #[test]
    fn a_kind_is_told_in_both_languages_by_its_own_details_and_each_detail_stands_in_brackets() {
        let is_cyrillic = |it: char| matches!(it, 'а'..='я' | 'А'..='Я' | 'ё');
        for Kind { told, label } in KINDS.values() {
            for sentence in [told.ru, told.en] {
                let known: HashSet<&str> = told.details.iter().map(|it| it.named.code).collect();
                assert!(placeholders(sentence).iter().all(|it| known.contains(it)), "{}", told.kind);
                let outside: String =
                    sentence.split('[').map(|it| it.rsplit(']').next().unwrap_or_default()).collect();
                assert!(!outside.contains('{') && !sentence.ends_with('.'), "{sentence}");
                assert_eq!(sentence.matches('[').count(), sentence.matches(']').count(), "{sentence}");
            }
            assert_eq!(placeholders(told.ru), placeholders(told.en), "{}", told.kind);
            assert!(label.ru.contains(is_cyrillic) && !label.en.contains(is_cyrillic), "{}", told.kind);
        }
    }

    #[test]
    fn no_two_facts_share_a_kind() {
        let rules = FACTS.iter().copied().flatten().map(|it| it.kind);
        let entries = entries::ALL.iter().flat_map(|it| [it.added, it.edited]);
        let all: Vec<&str> = rules.chain(entries).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn every_member_of_every_entry_has_labels() {
        for about in entries::ALL {
            for it in about.members {
                assert!(member(it.name).is_some(), "{} of {}", it.name, about.one);
            }
            let parent = about.parent.as_ref().map(|it| it.column);
            assert!(parent.is_none_or(|it| member(it).is_some()), "{}", about.one);
        }
    }
}
