//! Orders about consents: the bodies of requests.
use super::words::{CasePart, ConsentData, ConsentPurpose, SentConsentPurpose, Signatory};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{FileId, OrganizationId, PersonId, RepresentativeId};
use crate::base::text::{Title, repeats};
use crate::base::word::{fold, only_sent};
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// A signature under a consent.
#[form]
#[validate(schema(function = "signature_is_whole"))]
#[schema(example = json!({"signatory": "representative", "person_id": "01980000-0000-7000-8000-000000000005", "representative_id": "01980000-0000-7000-8000-000000000008", "signed_on": "2026-03-05", "file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct ConsentSignature {
    /// The capacity of the signatory. For a family it is `recipient`, signed by one of its adults.
    pub signatory: Signatory,
    /// The person who signs.
    pub person_id: PersonId,
    /// The authority of the representative. Required for a representative, forbidden otherwise.
    pub representative_id: Option<RepresentativeId>,
    /// The day of signing, not in the future.
    pub signed_on: NaiveDate,
    /// The signed paper. Required when somebody else records the signature.
    pub file_id: Option<FileId>,
}

fn signature_is_whole(it: &ConsentSignature) -> Result<(), ValidationError> {
    let represents = it.signatory == Signatory::Representative;
    all_hold([
        lack(represents && it.representative_id.is_none(), &["representative_id", "signatory"]),
        clash(!represents && it.representative_id.is_some(), &["representative_id", "signatory"]),
    ])
}

/// A consent of a beneficiary for one purpose.
#[form]
#[validate(schema(function = "consent_is_whole"))]
#[schema(example = json!({"purpose": "team", "organization_ids": ["01980000-0000-7000-8000-000000000001"], "parts": ["identity", "life"], "valid_until": "2026-12-31", "signatures": [{"signatory": "representative", "person_id": "01980000-0000-7000-8000-000000000005", "representative_id": "01980000-0000-7000-8000-000000000008", "signed_on": "2026-03-05", "file_id": "01980000-0000-7000-8000-00000000000c"}]}))]
pub struct PersonalConsentForm {
    /// The purpose.
    #[schema(value_type = SentConsentPurpose)]
    #[serde(deserialize_with = "only_sent")]
    pub purpose: ConsentPurpose,
    /// The organizations that get the data. Required for the purposes `team`, `referral`, `transfer` and `consilium`.
    #[at_most(10)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organization_ids: Vec<OrganizationId>,
    /// The parts of a case that they get. Required for the same purposes, and only for them.
    #[at_most(8)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<CasePart>,
    /// The data that may be used. Required for the other purposes, and only for them.
    #[at_most(7)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<ConsentData>,
    /// The media or places where the data may appear; anywhere, if none is named. Only for the other purposes.
    #[at_most(10)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Title>,
    /// The last day of the consent.
    pub valid_until: NaiveDate,
    /// The signatures. Below 14 the representative signs, from 14 both, from 18 the person alone; for a family one of its adults.
    #[count(1..=2)]
    pub signatures: Vec<ConsentSignature>,
}

fn consent_is_whole(it: &PersonalConsentForm) -> Result<(), ValidationError> {
    let shares = it.purpose.is_sharing();
    let signatories: Vec<Signatory> = it.signatures.iter().map(|it| it.signatory).collect();
    all_hold([
        lack(shares && it.organization_ids.is_empty(), &["organization_ids", "purpose"]),
        lack(shares && it.parts.is_empty(), &["parts", "purpose"]),
        clash(shares && !it.data.is_empty(), &["data", "purpose"]),
        clash(shares && !it.channels.is_empty(), &["channels", "purpose"]),
        lack(!shares && it.data.is_empty(), &["data", "purpose"]),
        clash(!shares && !it.parts.is_empty(), &["parts", "purpose"]),
        clash(repeats(&it.organization_ids), &["organization_ids"]),
        clash(repeats(&it.parts), &["parts"]),
        clash(repeats(&it.data), &["data"]),
        clash(repeats(&it.channels), &["channels"]),
        clash(repeats(&signatories), &["signatures"]),
    ])
}

/// An order to withdraw a consent. It works at once.
#[form]
#[schema(example = json!({"person_id": "01980000-0000-7000-8000-000000000005", "file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct PersonalConsentWithdrawal {
    /// The person who withdraws: one who may sign the consent today.
    pub person_id: PersonId,
    /// The signed paper. Required when somebody else records the withdrawal.
    pub file_id: Option<FileId>,
}

/// The medium in which data of a person appear, as far as their use tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium<'a> {
    /// The data appear nowhere yet, or in no medium.
    NotAsked,
    /// They are published through this channel, or through one that nobody has named.
    Published(Option<&'a Title>),
}

impl PersonalConsentForm {
    /// Whether it covers a use of these data in a medium. Where it names organizations, the one that uses them stands among them. Where it
    /// names channels, what is published names one of them.
    pub fn covers(&self, by: Option<OrganizationId>, data: &[ConsentData], medium: Medium<'_>) -> bool {
        let is_named =
            |it: OrganizationId| self.organization_ids.is_empty() || self.organization_ids.contains(&it);
        by.is_none_or(is_named) && data.iter().all(|it| self.data.contains(it)) && self.lets_out(medium)
    }
    /// Whether the data may appear in that medium. The case of letters and the marks between words do not matter.
    fn lets_out(&self, medium: Medium<'_>) -> bool {
        match medium {
            Medium::NotAsked => true,
            Medium::Published(_) if self.channels.is_empty() => true,
            Medium::Published(channel) => {
                let asked = channel.map(|it| fold(it.as_str()));
                asked.is_some_and(|asked| self.channels.iter().any(|it| fold(it.as_str()) == asked))
            }
        }
    }
    /// The days of the consent, each with its pointer.
    pub fn days(&self) -> impl Iterator<Item = (String, NaiveDate)> {
        self.signatures.iter().enumerate().map(|(n, it)| (format!("/signatures/{n}/signed_on"), it.signed_on))
    }
    /// The day of the consent: that of its last signature. None for an order without signatures, which is refused.
    pub fn signed_on(&self) -> Option<NaiveDate> {
        self.signatures.iter().map(|it| it.signed_on).max()
    }
    /// The signed papers, each with its pointer.
    pub fn files(&self) -> impl Iterator<Item = (FileId, String)> {
        let file =
            |(n, it): (usize, &ConsentSignature)| Some((it.file_id?, format!("/signatures/{n}/file_id")));
        self.signatures.iter().enumerate().filter_map(file)
    }
}
