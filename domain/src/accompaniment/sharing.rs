//! The grounds on which another organization reads parts of a case: a consent, or a ground of law (152-ФЗ ст. 6, 9, 10).
//!
//! Teams grant by it, transfers pass on by it, referrals ask by it. The parts of [`CasePart`] are granted or withheld as a whole.
//!
//! Invariant: nothing goes beyond the consent: neither its parts, nor its organizations, nor its term.
use crate::base::clauses::{Clause, clash, lack};
use crate::base::id::{BeneficiaryId, ConsentId, FileId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{MISSING, Note, repeats};
use crate::people::consents::{CasePart, ConsentPurpose, ConsentState, PersonalConsentForm};
use chrono::NaiveDate;

rules! {
    NO_GROUND = "sharing.no_ground", Content, "152-ФЗ ст. 6", "Другой организации сведения открывают по согласию или на основании закона.", "Another organization reads by a consent or by a ground of law.";
    BEYOND_CONSENT = "sharing.beyond_consent", Content, "152-ФЗ ст. 9", "Согласие не действует, дано на другое или уже того, что открывают.", "The consent is not in force, is for something else, or is narrower than what is granted.";
    GROUND_PARTS = "sharing.ground_parts", Content, "152-ФЗ ст. 10", "Сведения о здоровье, правовом положении и кризисах, а также записи, проблемы и планы, где о них пишут словами, открывают только по согласию.", "Health, legal matters and crises are granted by a consent only. So are records, help and plans, whose words may tell of them.";
    DIRECTOR_GRANTS = "sharing.director_only", Forbidden, ours, "На основании закона сведения открывает директор.", "The director opens data by a ground of law.";
}

/// The clauses of a body that tells a ground: a consent or a ground of law with its file, and each part once.
pub(crate) fn clauses(
    consent_id: Option<ConsentId>,
    legal_ground: Option<&Note>,
    ground_file_id: Option<FileId>,
    parts: &[CasePart],
) -> [Clause; 4] {
    let (has_ground, has_file) = (legal_ground.is_some(), ground_file_id.is_some());
    [
        clash(has_ground && consent_id.is_some(), &["legal_ground", "consent_id"]),
        lack(has_ground && !has_file, &["ground_file_id", "legal_ground"]),
        clash(!has_ground && has_file, &["ground_file_id", "legal_ground"]),
        clash(repeats(parts), &["parts"]),
    ]
}

/// Whether a ground of law opens the part. Free words cannot be parted from health and legal matters, and a crisis is told to nobody by the
/// way.
pub fn opens_by_law(part: CasePart) -> bool {
    use CasePart::{Identity, Life};
    matches!(part, Identity | Life)
}

/// Whether a consent opens the part: it is in force, and grants the part. Orders ask it when they name the consent, and each read asks it
/// anew.
pub fn opens_by_consent(consent: &PersonalConsentForm, state: ConsentState, part: CasePart) -> bool {
    state == ConsentState::InForce && consent.parts.contains(&part)
}

/// The consent that an order names, with what it grants.
#[derive(Debug, Clone)]
pub struct GrantingConsent {
    /// The beneficiary who consented. Of a person with several records, the record of the case.
    pub beneficiary_id: BeneficiaryId,
    /// The consent.
    pub form: PersonalConsentForm,
    /// Its state today.
    pub state: ConsentState,
    /// The last day on which it holds.
    pub holds_until: NaiveDate,
}

/// The stored data that the rules need.
#[derive(Debug, Clone)]
pub struct GroundFacts {
    /// The beneficiary of the case.
    pub beneficiary_id: BeneficiaryId,
    /// The other organizations that come into question as readers.
    pub organizations: Vec<OrganizationId>,
    /// The consent that the order names.
    pub consent: Option<GrantingConsent>,
    /// Whether the caller directs the organization that accompanies.
    pub by_director: bool,
}

/// The ground that an order tells.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The purpose for which the consent has to be given.
    pub purpose: ConsentPurpose,
    /// The parts.
    pub parts: &'a [CasePart],
    /// The consent.
    pub consent_id: Option<ConsentId>,
    /// Whether a ground of law is told.
    pub is_of_law: bool,
    /// The last day of the grant.
    pub until: Option<NaiveDate>,
}

impl Ground<'_> {
    /// All reasons against the ground.
    pub fn against(&self, facts: &GroundFacts) -> Vec<Reason> {
        let mut reasons = Vec::new();
        // A reader who does not learn about whom the case is can do nothing for them.
        if !self.parts.contains(&CasePart::Identity) {
            reasons.push(MISSING.reason().at("/parts"));
        }
        match (self.consent_id, &facts.consent) {
            (None, _) if !self.is_of_law => reasons.push(NO_GROUND.reason().at("/consent_id")),
            (None, _) => reasons.extend(self.against_law(facts)),
            (Some(_), Some(consent)) => reasons.extend(self.against_consent(consent, facts)),
            (Some(_), None) => reasons.push(BEYOND_CONSENT.reason().at("/consent_id")),
        }
        reasons
    }
    fn against_law(&self, facts: &GroundFacts) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !facts.by_director {
            reasons.push(DIRECTOR_GRANTS.reason().at("/legal_ground"));
        }
        let beyond = self.parts.iter().enumerate().filter(|(_, it)| !opens_by_law(**it));
        reasons.extend(beyond.map(|(n, _)| GROUND_PARTS.reason().at(format!("/parts/{n}"))));
        reasons
    }
    fn against_consent(&self, consent: &GrantingConsent, facts: &GroundFacts) -> Vec<Reason> {
        let is_theirs =
            consent.beneficiary_id == facts.beneficiary_id && consent.form.purpose == self.purpose;
        let names_reader = self.reader(facts).is_some();
        if !is_theirs || consent.state != ConsentState::InForce || !names_reader {
            return vec![BEYOND_CONSENT.reason().at("/consent_id")];
        }
        let opens = |part: CasePart| opens_by_consent(&consent.form, consent.state, part);
        let beyond = self.parts.iter().enumerate().filter(|(_, it)| !opens(**it));
        let mut reasons: Vec<Reason> =
            beyond.map(|(n, _)| BEYOND_CONSENT.reason().at(format!("/parts/{n}"))).collect();
        if self.until.is_some_and(|last| last > consent.holds_until) {
            reasons.push(BEYOND_CONSENT.reason().at("/until").with("not_after", consent.holds_until));
        }
        reasons
    }
    /// The organization that reads by the ground: one that the consent names.
    pub fn reader(&self, facts: &GroundFacts) -> Option<OrganizationId> {
        let named = |it: &&OrganizationId| match &facts.consent {
            Some(consent) => consent.form.organization_ids.contains(it),
            None => self.is_of_law,
        };
        facts.organizations.iter().find(named).copied()
    }
}
