//! Text as HTML.

/// Escapes what HTML would read as markup.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

/// One paragraph of a description: `code` and **strong** as such.
pub fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // What stands between backticks is code, and nothing in it means anything else.
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            out.push_str(&format!("<code>{}</code>", escaped(part)));
            continue;
        }
        for (at, part) in part.split("**").enumerate() {
            let part = escaped(part);
            out.push_str(&if at % 2 == 1 { format!("<strong>{part}</strong>") } else { part });
        }
    }
    out
}

/// Paragraphs, separated by empty lines.
pub fn paragraphs(text: &str) -> String {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>\n", inline(part))).collect()
}

/// A table with a head; cells are HTML already.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |row: &[String]| row.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>();
    let head: String = head.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
    let rows: String = rows.iter().map(|row| format!("<tr>{}</tr>\n", cells(row))).collect();
    format!(
        "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

/// A whole page.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::{inline, paragraphs};

    #[test]
    fn descriptions_are_escaped_and_marked_up() {
        assert_eq!(inline("**Brazil** & `a<b **c**`"), "<strong>Brazil</strong> &amp; <code>a&lt;b **c**</code>");
        assert_eq!(paragraphs("a\nb\n\nc\n"), "<p>a\nb</p>\n<p>c</p>\n");
    }
}
