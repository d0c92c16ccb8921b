"""The formulas that are typeset for those who grade: an allow-list of TeX.

A command that is not here, such as one that opens an address, loads code, defines a command or
moves what stands around it, has its formula shown as it was written.
"""

from __future__ import annotations

import re

LONGEST, DEEPEST = 2_000, 20  # characters, and groups within groups
COMMAND = re.compile(r"\\(?:([a-zA-Z]+)|(.))", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([a-zA-Z]*)\*?\}")
GROUP = re.compile(r"(\\begin\b|\\left\b|(?<!\\)\{)|(\\end\b|\\right\b|(?<!\\)\})")
SIGNS = frozenset("\\,;:!>{}|$%#&_ -")
ENVIRONMENTS = """
    align aligned alignat array bmatrix Bmatrix cases equation gather gathered matrix multline
    pmatrix smallmatrix split vmatrix Vmatrix
"""
COMMANDS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu
    nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    frac dfrac tfrac cfrac binom dbinom tbinom sqrt over choose
    sum prod coprod int iint iiint oint bigcup bigcap bigoplus bigotimes bigvee bigwedge limits
    nolimits lim limsup liminf sup inf max min arg argmax argmin det dim exp gcd hom ker ln log lg
    sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan deg Pr operatorname mod bmod pmod
    cdot cdots dots dotsb dotsc ldots vdots ddots times div pm mp ast star circ bullet oplus
    ominus otimes oslash odot cup cap setminus wedge vee land lor neg lnot dagger
    leq geq le ge ll gg neq ne equiv approx sim simeq cong propto in notin ni subset supset
    subseteq supseteq subsetneq mid nmid parallel perp prec succ doteq models vdash lt gt not
    to gets mapsto rightarrow leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow implies
    iff longrightarrow longleftarrow longmapsto uparrow downarrow hookrightarrow rightharpoonup
    forall exists nexists emptyset varnothing infty partial nabla prime hbar ell Re Im aleph
    angle triangle square blacksquare therefore because top bot
    hat widehat bar overline underline vec overrightarrow tilde widetilde dot ddot check breve
    acute grave mathring overbrace underbrace overset underset stackrel substack
    mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm bf rm it cal
    text textbf textit textrm texttt textsf mbox
    left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr lvert rvert lVert rVert
    vert Vert langle rangle lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack backslash
    quad qquad displaystyle textstyle scriptstyle begin end hline boxed notag nonumber
"""
HARMLESS, HARMLESS_ENVIRONMENTS = frozenset(COMMANDS.split()), frozenset(ENVIRONMENTS.split())


def is_harmless(formula: str) -> bool:
    """Return whether every command in ``formula`` only draws signs, and it nests to a bound.

    Example:
        >>> is_harmless(r"\\frac{a}{b} + \\begin{pmatrix} 1 & 2 \\\\\\\\ 3 & 4 \\end{pmatrix}")
        True
        >>> is_harmless(r"\\href{javascript:alert(1)}{x}"), is_harmless(r"\\begin{html}\\end{html}")
        (False, False)
    """
    if len(formula) > LONGEST or "$" in formula.replace("\\$", "") or formula.endswith("\\"):
        return False
    named = ENVIRONMENT.findall(formula)
    used = COMMAND.findall(formula)
    return (
        all(word in HARMLESS if word else sign in SIGNS for word, sign in used)
        and sum(word in ("begin", "end") for word, _ in used) == len(named)
        and HARMLESS_ENVIRONMENTS.issuperset(named)
        and _depth(formula) <= DEEPEST
    )


def _depth(formula: str) -> int:
    """Return how deep groups lie within groups; what is never closed counts as well."""
    depth = deepest = 0
    for match in GROUP.finditer(formula):
        depth += 1 if match[1] else -1
        deepest = max(deepest, depth)
    return deepest
