//! What people are told, in both languages.

use platform::http::language::Language;
use platform::problem::{Code, FieldError, Problem};

use crate::domain::email::Email;
use crate::domain::lifetime::API_KEYS_MAX;
use crate::domain::password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, PasswordError};
use crate::domain::text::TextError;

pub(crate) use platform::http::language::pick;

pub(crate) fn password(reason: PasswordError, language: Language) -> String {
    let (portuguese, english) = match reason {
        PasswordError::TooShort => (
            format!("A senha precisa de pelo menos {PASSWORD_CHARS_MIN} caracteres."),
            format!("The password needs at least {PASSWORD_CHARS_MIN} characters."),
        ),
        PasswordError::TooLong => (
            format!("A senha pode ter no máximo {PASSWORD_CHARS_MAX} caracteres."),
            format!("The password may have at most {PASSWORD_CHARS_MAX} characters."),
        ),
        PasswordError::IsEmail => {
            ("A senha não pode ser o e-mail.".to_owned(), "The password must not be the e-mail.".to_owned())
        }
        PasswordError::Common => (
            "Esta senha está entre as mais usadas; escolha outra, como algumas palavras juntas.".to_owned(),
            "This password is among the commonest; choose another, such as a few words together.".to_owned(),
        ),
    };
    match language {
        Language::PtBr => portuguese,
        Language::En => english,
    }
}

pub(crate) fn too_many_keys(language: Language) -> String {
    match language {
        Language::PtBr => format!("Já existem {API_KEYS_MAX} chaves de API; apague uma antes de criar outra."),
        Language::En => format!("There are {API_KEYS_MAX} API keys already; delete one before you make another."),
    }
}

/// The wrong fields of a request, all told at once.
#[derive(Debug)]
pub(crate) struct Fields {
    language: Language,
    errors: Vec<FieldError>,
}

impl Fields {
    pub(crate) const fn new(language: Language) -> Self {
        Self { language, errors: Vec::new() }
    }

    pub(crate) fn wrong(&mut self, pointer: &str, detail: impl Into<String>) {
        self.errors.push(FieldError { pointer: pointer.to_owned(), detail: detail.into() });
    }

    /// An e-mail; `None` where it is none, which is noted.
    pub(crate) fn email(&mut self, pointer: &str, text: &str) -> Option<Email> {
        let email = Email::parse(text).ok();
        if email.is_none() {
            let told = pick(
                self.language,
                "Informe um e-mail como nome@exemplo.com.br.",
                "Give an e-mail such as name@example.com.",
            );
            self.wrong(pointer, told);
        }
        email
    }

    /// A text that was read, or a note of why it was not.
    pub(crate) fn text<'a>(
        &mut self,
        pointer: &str,
        read: Result<&'a str, TextError>,
        chars_max: usize,
    ) -> Option<&'a str> {
        let told = match (read, self.language) {
            (Ok(text), _) => return Some(text),
            (Err(TextError::Empty), Language::PtBr) => "Preencha este campo.".to_owned(),
            (Err(TextError::Empty), Language::En) => "Fill this field in.".to_owned(),
            (Err(TextError::TooLong), Language::PtBr) => format!("Use no máximo {chars_max} caracteres."),
            (Err(TextError::TooLong), Language::En) => format!("Use at most {chars_max} characters."),
            (Err(TextError::Control), Language::PtBr) => "Use só letras, números e sinais.".to_owned(),
            (Err(TextError::Control), Language::En) => "Use letters, digits and signs only.".to_owned(),
        };
        self.wrong(pointer, told);
        None
    }

    pub(crate) fn password(&mut self, pointer: &str, checked: Result<(), PasswordError>) {
        if let Err(reason) = checked {
            self.wrong(pointer, password(reason, self.language));
        }
    }

    /// The refusal, where anything is wrong.
    pub(crate) fn refuse(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            return Ok(());
        }
        let detail = self.errors.iter().map(|error| error.detail.as_str()).collect::<Vec<_>>().join(" ");
        Err(Problem { errors: self.errors, ..Problem::new(Code::ValidationError, detail) })
    }
}
