//! Snapshots of the life situation: how somebody on accompaniment lives now (004 L78; 001 L26).
//!
//! A snapshot is never edited: life is looked at anew. One that was entered by mistake is annulled.
use crate::base::id::SnapshotId;
use crate::base::refusal::{Reason, rules};
use crate::base::text::Note;
use crate::base::word::words;
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::{entry, form};
use std::collections::BTreeSet;
use validator::Validate;

rules! {
    NO_CONTACT = "snapshot.no_contact_no_content", Content, ours, "Связи не было: о том, с кем не говорили, не рассказывают.", "Nobody was reached: a person who was not reached is not described.";
    REPEATED = "snapshot.domain_repeated", Content, ours, "Сфера жизни указана дважды.", "A domain of life stands twice.";
}

words! {
    /// The source of a snapshot.
    SnapshotSource in "snapshot-sources" {
        Visit = "visit", "визит", "visit";
        Call = "call", "звонок", "call";
        Person = "person", "со слов получателя", "the person's own words";
        Institution = "institution", "сведения организации", "an institution";
        Register = "register", "реестр", "a register";
    }

    /// Whether the person is in touch.
    InTouch in "in-touch" {
        Yes = "yes", "на связи", "in touch";
        Refused = "refused", "отказ", "refused";
        Unreachable = "unreachable", "нет связи", "unreachable";
        Army = "army", "служба в армии", "in the army";
        Prison = "prison", "места лишения свободы", "in prison";
        Abroad = "abroad", "за границей", "abroad";
    }

    /// A domain of life.
    LifeDomain in "life-domains" {
        Household = "household", "быт", "household";
        Money = "money", "деньги", "money";
        Housing = "housing", "жильё", "housing";
        Health = "health", "здоровье", "health";
        StudyWork = "study_work", "учёба и работа", "study and work";
        Law = "law", "права и документы", "law and documents";
        Relations = "relations", "общение и близкие", "relations";
        SelfReliance = "self", "самостоятельность, ответственность, решения, выход из кризиса", "self-reliance";
        Documents = "documents", "документы", "documents";
        Safety = "safety", "безопасность", "safety";
        Leisure = "leisure", "досуг", "leisure";
        Other = "other", "иное", "other";
    }

    /// The state of a domain of life.
    WatchLevel in "watch-levels" {
        Stable = "stable", "благополучно", "stable";
        Watch = "watch", "требует внимания", "needs attention";
        Alarm = "alarm", "тревога", "alarm";
    }

    /// The right by which somebody lives where they live.
    Tenure in "tenures" {
        Own = "own", "собственность", "own";
        SpecialRent = "special_rent", "специализированный наём для сирот", "special tenancy";
        Rent = "rent", "аренда", "rent";
        WithKin = "with_kin", "у родных", "with kin";
        Hostel = "hostel", "общежитие", "hostel";
        Hotel = "hotel", "социальная гостиница", "social hotel";
        Institution = "institution", "организация", "institution";
        Nowhere = "none", "нет жилья", "none";
    }

    /// The occupation of a person.
    ActivityState in "activity-states" {
        Studying = "studying", "учится", "studying";
        Working = "working", "работает", "working";
        Both = "both", "учится и работает", "studying and working";
        Seeking = "seeking", "ищет работу", "seeking work";
        Caring = "caring", "уход за ребёнком", "caring for a child";
        Unable = "unable", "не может", "unable";
        Neither = "neither", "не занят", "neither";
    }
}

/// The state of one domain of life.
#[form]
#[derive(Eq)]
#[schema(example = json!({"domain": "housing", "level": "watch", "note": "Договор найма заканчивается весной."}))]
pub struct DomainState {
    /// The domain.
    pub domain: LifeDomain,
    /// Its state.
    pub level: WatchLevel,
    /// A description.
    pub note: Option<Note>,
}

/// A snapshot of the life situation as it is entered.
#[entry(Snapshot: SnapshotId, at "snapshots", named "snapshot" "snapshots", tag "cases", read ReadCases, edit EditCases, under Case "cases", called taken_on, by taken_on, entering TakeSnapshot, once, annul, past, judged)]
#[schema(example = json!({"taken_on": "2026-02-20", "source": "visit", "in_touch": "yes", "tenure": "special_rent", "contract_until": "2026-06-01", "activity": "studying", "domains": [{"domain": "housing", "level": "watch", "note": "Договор найма заканчивается летом."}], "conclusion": "Учится, живёт один, просит помочь с договором."}))]
pub struct SnapshotForm {
    /// The day of the snapshot.
    #[told]
    pub taken_on: NaiveDate,
    /// The source.
    #[told]
    pub source: SnapshotSource,
    /// Whether the person is in touch. Nothing else is told of a person who is not.
    #[told]
    #[filter = "Only with this answer."]
    pub in_touch: InTouch,
    /// The right by which the person lives where they live.
    pub tenure: Option<Tenure>,
    /// The last day of the contract about housing.
    pub contract_until: Option<NaiveDate>,
    /// The occupation.
    pub activity: Option<ActivityState>,
    /// Domains of life, each once.
    #[sealed]
    #[at_most(12)]
    pub domains: Vec<DomainState>,
    /// A conclusion in words.
    #[sealed]
    pub conclusion: Option<Note>,
}

impl LifeDomain {
    /// The part of a case to which the domain belongs.
    pub(super) fn part(self) -> CasePart {
        match self {
            Self::Health => CasePart::Health,
            Self::Law => CasePart::Law,
            _ => CasePart::Life,
        }
    }
    /// Whether records tell of the domain to somebody to whom these parts are granted: health and law need their own parts.
    pub fn is_told_to(self, parts: &[CasePart]) -> bool {
        !matches!(self.part(), CasePart::Health | CasePart::Law) || parts.contains(&self.part())
    }
}

impl SnapshotForm {
    /// The snapshot as somebody sees it to whom these parts of the case are granted. Words about the whole are told only to those who
    /// may know each part of it. `None`: all of it is a legal matter that they may not know.
    pub fn seen_by(self, parts: &[CasePart]) -> Option<Self> {
        let has = |it| parts.contains(&it);
        let knows_all = has(CasePart::Life) && has(CasePart::Health) && has(CasePart::Law);
        if self.in_touch == InTouch::Prison && !has(CasePart::Law) {
            return None;
        }
        let domains = self.domains.into_iter().filter(|it| has(it.domain.part())).collect();
        Some(Self {
            tenure: self.tenure.filter(|_| has(CasePart::Life)),
            contract_until: self.contract_until.filter(|_| has(CasePart::Life)),
            activity: self.activity.filter(|_| has(CasePart::Life)),
            domains,
            conclusion: self.conclusion.filter(|_| knows_all),
            ..self
        })
    }
    fn judge(&self, _: SnapshotId, _: Option<&Self>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.in_touch != InTouch::Yes {
            let told = [
                ("/tenure", self.tenure.is_some()),
                ("/contract_until", self.contract_until.is_some()),
                ("/activity", self.activity.is_some()),
                ("/domains", !self.domains.is_empty()),
            ];
            reasons.extend(told.iter().filter(|it| it.1).map(|it| NO_CONTACT.reason().at(it.0)));
        }
        let mut known = BTreeSet::new();
        for (place, it) in self.domains.iter().enumerate() {
            if !known.insert(it.domain) {
                reasons.push(REPEATED.reason().at(format!("/domains/{place}/domain")));
            }
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use crate::base::word::Word;

    fn codes(form: &SnapshotForm) -> Vec<&'static str> {
        form.against(uuid::Uuid::nil().into(), None).iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn a_person_who_was_not_reached_is_not_described() {
        let told: SnapshotForm = crate::examples::of();
        assert_eq!(codes(&told), Vec::<&str>::new());
        let unreached = SnapshotForm { in_touch: InTouch::Unreachable, ..told.clone() };
        assert_eq!(codes(&unreached), [NO_CONTACT.code; 4]);
        let only_words = SnapshotForm {
            tenure: None,
            contract_until: None,
            activity: None,
            domains: Vec::new(),
            ..unreached
        };
        assert_eq!(codes(&only_words), Vec::<&str>::new());
    }

    #[test]
    fn a_snapshot_is_seen_by_the_granted_parts() {
        let mut form: SnapshotForm = crate::examples::of();
        form.domains = LifeDomain::ALL
            .iter()
            .map(|domain| DomainState { domain: *domain, level: WatchLevel::Stable, note: None })
            .collect();
        let domains = |parts: &[CasePart]| form.clone().seen_by(parts).unwrap().domains.len();
        assert_eq!((domains(&[CasePart::Life]), domains(&[CasePart::Health]), domains(&[])), (10, 1, 0));
        let alone = form.clone().seen_by(&[CasePart::Law]).unwrap();
        assert_eq!((alone.tenure, alone.activity, alone.conclusion), (None, None, None));
        let whole = form.clone().seen_by(&[CasePart::Life, CasePart::Health, CasePart::Law]);
        assert_eq!(whole, Some(form.clone()));
        let imprisoned = SnapshotForm { in_touch: InTouch::Prison, ..form };
        assert_eq!(imprisoned.clone().seen_by(&[CasePart::Life, CasePart::Health]), None);
        assert!(imprisoned.seen_by(&[CasePart::Law]).is_some());
    }

    #[test]
    fn a_domain_of_life_stands_once() {
        let mut form: SnapshotForm = crate::examples::of();
        form.domains.push(form.domains[0].clone());
        let reasons = form.against(uuid::Uuid::nil().into(), None);
        assert_eq!(reasons[0].pointer.as_deref(), Some("/domains/1/domain"));
    }
}
