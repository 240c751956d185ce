// Sliders over a picture: a control moves, Python draws, the newest wish counts.

export function openExplorers(python) {
}
