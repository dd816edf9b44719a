//! Words of consents: purposes, parts of a case, data, states.
use crate::base::word::{sent, words};

words! {
    /// The purpose of a consent. Each purpose needs a document of its own (152-ФЗ ст. 9).
    ConsentPurpose in "consent-purposes" {
        Mentorship = "mentorship", "участие в наставничестве", "taking part in a mentorship", by system;
        Team = "team", "работа команды случая", "the team of a case";
        Referral = "referral", "направление в другую организацию", "referral to another organization";
        Transfer = "transfer", "передача случая", "transfer of a case";
        Consilium = "consilium", "участие в консилиуме", "taking part in a consilium";
        Publicity = "publicity", "публичность", "publicity";
        Image = "image", "использование изображения", "use of an image";
        Story = "story", "история успеха", "success story";
        Award = "award", "выдвижение на премию", "nomination for an award";
        Volunteering = "volunteering", "добровольчество несовершеннолетнего", "volunteering of a minor";
        Survey = "survey", "участие в опросе", "taking part in a survey";
    }

    /// A part of a case that is granted or withheld as a whole.
    CasePart in "case-parts" {
        Identity = "identity", "личность", "identity";
        Life = "life", "учёба, работа, семья, жильё", "study, work, family, housing";
        Health = "health", "здоровье", "health";
        Law = "law", "правовое положение", "legal matters";
        Plans = "plans", "планы, маршрут и оценки", "plans, route and assessments";
        Help = "help", "потребности, услуги, помощь", "needs, services, help";
        Crises = "crises", "кризисы", "crises";
        Records = "records", "записи и контакты", "records and contacts";
    }

    /// A kind of data that a consent lets others use.
    ConsentData in "consent-data" {
        FullName = "full_name", "имя", "name";
        Age = "age", "возраст", "age";
        Municipality = "municipality", "муниципалитет", "municipality";
        Image = "image", "изображение", "image";
        Voice = "voice", "голос", "voice";
        Story = "story", "история", "story";
        Health = "health", "здоровье", "health";
    }

    /// The state of a consent.
    ConsentState in "consent-states" {
        Awaiting = "awaiting", "ждёт подписи", "awaits a signature";
        InForce = "in_force", "действует", "in force";
        Withdrawn = "withdrawn", "отозвано", "withdrawn";
        Expired = "expired", "срок истёк", "expired";
    }

    /// The signatory of a consent (annex 3).
    Signatory in "consent-signatories" {
        Recipient = "recipient", "получатель или совершеннолетний член семьи", "the recipient or an adult of the family";
        Representative = "representative", "законный представитель", "the legal representative";
    }
}

sent! {
    SentConsentPurpose of ConsentPurpose;
}

impl ConsentPurpose {
    /// Whether the purpose passes parts of a case on to organizations. The other purposes use single data.
    pub fn is_sharing(self) -> bool {
        matches!(self, Self::Team | Self::Referral | Self::Transfer | Self::Consilium)
    }
}
