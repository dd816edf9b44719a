//! Emergency contacts of the region: telephones that the answer to a report of a crisis carries.
use crate::base::text::{OrderNumber, Title};
use crate::base::word::words;
use shape::{card, entry};
use validator::Validate;

words! {
    /// The kind of an emergency contact.
    EmergencyContactKind in "emergency-contact-kinds" {
        Emergency = "emergency", "экстренные службы", "emergency services";
        DutyLine = "duty_line", "дежурная линия", "duty line";
    }
}

/// An emergency contact as it is entered and edited, whole.
#[entry(EmergencyContact: EmergencyContactId, at "emergency-contacts", named "emergency contact" "emergency contacts", tag "help", read ReadPrograms, edit ManageAccompaniment, annul)]
#[schema(example = json!({"name": "Дежурный специалист области", "kind": "duty_line", "phone": "8 800 200-01-22"}))]
pub struct EmergencyContactForm {
    /// Name.
    pub name: Title,
    /// The kind of the contact.
    #[filter = "Only contacts of this kind."]
    pub kind: EmergencyContactKind,
    /// The number to dial: short ones too, such as 112.
    pub phone: OrderNumber,
}

/// A telephone that a reporter of a crisis may call.
#[card]
#[derive(Clone)]
pub struct EmergencyPhone {
    /// The name of the contact.
    pub name: Title,
    /// The kind of the contact.
    pub kind: EmergencyContactKind,
    /// The number to dial.
    pub phone: OrderNumber,
}

/// The telephones of a region that has entered none.
pub fn shipped() -> Vec<EmergencyPhone> {
    let all = [
        ("Единый номер экстренных служб", EmergencyContactKind::Emergency, "112"),
        ("Детский телефон доверия", EmergencyContactKind::DutyLine, "8-800-2000-122"),
    ];
    let phone =
        |(name, kind, phone)| EmergencyPhone { name: Title::new(name), kind, phone: OrderNumber::new(phone) };
    all.into_iter().map(phone).collect()
}
