//! The style sheet: every `.css` file of the folder in order of name, without comments and indentation.

use crate::Fallible;
use std::fs;
use std::path::Path;

pub fn bundle(folder: &Path) -> Fallible<String> {
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "css"));
    paths.sort();
    let mut bundle = String::new();
    for path in paths {
        bundle += &squeeze(&fs::read_to_string(path)?);
    }
    Ok(bundle)
}

/// Drops comments, leading blanks and empty lines; all else stays as written, so nothing can change its meaning.
fn squeeze(css: &str) -> String {
    let mut rest = css;
    let mut bare = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        bare += before;
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare += rest;
    bare.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn comments_and_indentation_go_and_the_rest_stays() {
        assert_eq!(squeeze("/* a */\n.b {\n  color: red; /* c\n d */\n}\n"), ".b {\ncolor: red;\n}\n");
        assert_eq!(squeeze("a { b: c } /* open"), "a { b: c }\n");
    }
}
