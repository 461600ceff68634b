"""Floor 4: papers. A frozen content dataclass of `domain.papers` goes in, the bytes of a PDF come out.

Every paper is laid out completely (pages of placed strings, rules and boxes), then drawn on a ReportLab canvas. Strings are
drawn as they are, never read as markup: Platypus is not used, so no name can embed a file or break a sheet.
"""
