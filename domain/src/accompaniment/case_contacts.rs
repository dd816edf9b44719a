//! Contacts of specialists with those whom they accompany, and with others about them (001 L16, L20).
//!
//! A contact is never edited. One that was entered by mistake is annulled. A contact that reached nobody is on record too: lost
//! contact is a result.
use crate::accompaniment::snapshots::LifeDomain;
use crate::base::id::CaseContactId;
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Note, repeated};
use crate::base::word::words;
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    NEXT_EARLY = "case_contact.next_early", Content, ours, "Следующий контакт не бывает раньше этого.", "The next contact is not before this one.";
    REPEATED = "case_contact.repeated", Content, ours, "Слово указано дважды.", "A word stands twice.";
    NOBODY_TALKED = "case_contact.nobody_talked", Content, ours, "Связи не было: ни минут, ни тем у контакта нет.", "Nobody was reached: the contact has neither minutes nor topics.";
}

words! {
    /// The way of a contact.
    ContactMedium in "contact-media" {
        VisitHome = "visit_home", "визит домой", "home visit";
        VisitPlace = "visit_place", "визит в организацию", "visit to an institution";
        Office = "office", "приём", "office";
        Phone = "phone", "телефон", "telephone";
        Video = "video", "видео", "video";
        Message = "message", "сообщение", "message";
        Event = "event", "мероприятие", "event";
    }

    /// The other side of a contact.
    ContactWith in "contact-with" {
        Person = "person", "получатель", "the person";
        Representative = "representative", "представитель", "representative";
        Relative = "relative", "родственник", "relative";
        School = "school", "учебное заведение", "school";
        Employer = "employer", "работодатель", "employer";
        Mentor = "mentor", "наставник", "mentor";
        Authority = "authority", "орган власти", "authority";
        Other = "other", "иное", "other";
    }
}

/// A contact of a specialist as it is entered.
#[entry(CaseContact: CaseContactId, at "case-contacts", named "case contact" "case contacts", tag "cases", read ReadCases, edit EditCases, under Case "cases", called held_on, by held_on, entering RecordContact, once, annul, past, judged)]
#[schema(example = json!({"held_on": "2026-02-25", "medium": "visit_home", "talked_with": ["person"], "reached": true, "minutes": 40, "topics": ["housing"], "note": "Обсудили продление договора найма.", "next_on": "2026-03-11"}))]
pub struct CaseContactForm {
    /// The day of the contact.
    #[told]
    pub held_on: NaiveDate,
    /// The way of the contact.
    #[told]
    #[filter = "Only contacts of these ways."]
    pub medium: ContactMedium,
    /// The people or institutions on the other side, 1 to 5, each once.
    #[count(1..=5)]
    pub talked_with: Vec<ContactWith>,
    /// Whether anybody was reached.
    #[told]
    #[filter = "`false`: only attempts that reached nobody."]
    pub reached: bool,
    /// Minutes of talk, 1 to 720.
    #[within(1..=720)]
    pub minutes: Option<i32>,
    /// The domains of life that were talked about, each once.
    #[at_most(12)]
    pub topics: Vec<LifeDomain>,
    /// A description.
    #[sealed]
    pub note: Option<Note>,
    /// The day of the next contact.
    pub next_on: Option<NaiveDate>,
}

impl CaseContactForm {
    /// The contact as somebody sees it to whom these parts of the case are granted, `records` among them.
    pub fn seen_by(mut self, parts: &[CasePart]) -> Self {
        self.topics.retain(|it| it.is_told_to(parts));
        self
    }
    fn judge(&self, _: CaseContactId, _: Option<&Self>) -> Vec<Reason> {
        let is_early = self.next_on.is_some_and(|it| it < self.held_on);
        let mut reasons: Vec<Reason> =
            is_early.then(|| NEXT_EARLY.reason().at("/next_on")).into_iter().collect();
        let again = |name: &str, n: usize| REPEATED.reason().at(format!("/{name}/{n}"));
        reasons.extend(repeated(&self.talked_with).map(|n| again("talked_with", n)));
        reasons.extend(repeated(&self.topics).map(|n| again("topics", n)));
        if !self.reached {
            let told = [("/minutes", self.minutes.is_some()), ("/topics", !self.topics.is_empty())];
            reasons.extend(told.iter().filter(|it| it.1).map(|it| NOBODY_TALKED.reason().at(it.0)));
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;

    #[test]
    fn an_attempt_that_reached_nobody_has_no_minutes_and_no_topics() {
        let told: CaseContactForm = crate::examples::of();
        let codes = |form: &CaseContactForm| -> Vec<&str> {
            form.against(uuid::Uuid::nil().into(), None).iter().map(|it| it.rule.code).collect()
        };
        assert_eq!(codes(&told), Vec::<&str>::new());
        let unreached =
            CaseContactForm { reached: false, next_on: Some(told.held_on.pred_opt().unwrap()), ..told };
        assert_eq!(codes(&unreached), [NEXT_EARLY.code, NOBODY_TALKED.code, NOBODY_TALKED.code]);
    }
}
