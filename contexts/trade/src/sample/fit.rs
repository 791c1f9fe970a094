//! Iterative proportional fitting: a table of non-negative numbers is scaled until its rows and the
//! columns that have a published total agree with them, then rounded without losing a dollar.
//!
//! Only additions, multiplications and divisions: IEEE 754 fixes their results, so every machine agrees.

/// A table of dollars: products down, destinations (or states) across.
pub(super) struct Matrix {
    /// Row after row.
    pub(super) cells: Vec<f64>,
    /// How many columns.
    pub(super) columns: usize,
}

/// What a table must agree with.
pub(super) struct Targets {
    /// Sum of each row.
    pub(super) rows: Vec<u64>,
    /// Sum of each column, where published.
    pub(super) columns: Vec<Option<u64>>,
    /// Cells whose value is published.
    pub(super) fixed: Vec<(usize, usize, u64)>,
}

const ROUNDS_MAX: usize = 400;
/// Scaling stops when no published column moves by more than this share.
const CLOSE_ENOUGH: f64 = 1e-9;

/// Scales `matrix` to `targets` and rounds it. Rows are exact always; columns with a total are exact
/// where the table has room for it (see the tests of the sample for the published ones).
pub(super) fn fit(mut matrix: Matrix, targets: &Targets) -> Vec<u64> {
    let columns = matrix.columns;
    let mut rows: Vec<f64> = targets.rows.iter().map(|row| *row as f64).collect();
    let mut sums: Vec<Option<f64>> = targets.columns.iter().map(|sum| sum.map(|dollars| dollars as f64)).collect();
    for (row, column, dollars) in &targets.fixed {
        matrix.cells[row * columns + column] = 0.0;
        rows[*row] -= *dollars as f64;
        sums[*column] = sums[*column].map(|sum| sum - *dollars as f64);
    }
    for _ in 0..ROUNDS_MAX {
        scale_rows(&mut matrix, &rows);
        if scale_columns(&mut matrix, &sums) < CLOSE_ENOUGH {
            break;
        }
    }
    scale_rows(&mut matrix, &rows);
    round(&matrix, targets)
}

fn scale_rows(matrix: &mut Matrix, rows: &[f64]) {
    for (cells, row) in matrix.cells.chunks_exact_mut(matrix.columns).zip(rows) {
        let sum: f64 = cells.iter().sum();
        if sum > 0.0 {
            let factor = row / sum;
            cells.iter_mut().for_each(|cell| *cell *= factor);
        }
    }
}

/// Scales the columns that have a total; returns the largest relative change.
fn scale_columns(matrix: &mut Matrix, sums: &[Option<f64>]) -> f64 {
    let mut largest = 0.0_f64;
    for (column, target) in sums.iter().enumerate() {
        let Some(target) = target else { continue };
        let cells = matrix.cells.iter_mut().skip(column).step_by(matrix.columns);
        let sum: f64 = cells.map(|cell| *cell).sum();
        if sum > 0.0 {
            let factor = target / sum;
            largest = largest.max((factor - 1.0).abs());
            let cells = matrix.cells.iter_mut().skip(column).step_by(matrix.columns);
            cells.for_each(|cell| *cell *= factor);
        }
    }
    largest
}

/// Rounds down, sets the fixed cells, then lets one large cell of each published column take what is
/// missing there, and one large cell of each row (in a column without a total) take what is missing there.
fn round(matrix: &Matrix, targets: &Targets) -> Vec<u64> {
    let columns = matrix.columns;
    let mut cells: Vec<u64> = matrix.cells.iter().map(|cell| *cell as u64).collect();
    let mut fixed = vec![false; cells.len()];
    for (row, column, dollars) in &targets.fixed {
        cells[row * columns + column] = *dollars;
        fixed[row * columns + column] = true;
    }
    for (column, target) in targets.columns.iter().enumerate() {
        let Some(target) = target else { continue };
        let places = (column..cells.len()).step_by(columns);
        let sum: u64 = places.clone().map(|at| cells[at]).sum();
        let largest = places.filter(|at| !fixed[*at]).max_by_key(|at| cells[*at]);
        settle(&mut cells, largest, *target, sum);
    }
    for (row, target) in targets.rows.iter().enumerate() {
        let places = row * columns..(row + 1) * columns;
        let sum: u64 = cells[places.clone()].iter().sum();
        let free = |at: &usize| !fixed[*at] && targets.columns[at % columns].is_none();
        let largest = places.clone().filter(free).max_by_key(|at| cells[*at]);
        let any = places.max_by_key(|at| cells[*at]);
        let chosen = largest.filter(|at| cells[*at] + target >= sum).or(any);
        settle(&mut cells, chosen, *target, sum);
    }
    cells
}

/// Moves the cell at `at` by what `sum` lacks of `target`.
fn settle(cells: &mut [u64], at: Option<usize>, target: u64, sum: u64) {
    if let Some(at) = at {
        cells[at] = (cells[at] + target).saturating_sub(sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_columns_and_fixed_cells_agree() {
        let matrix = Matrix { cells: vec![5.0, 3.0, 2.0, 1.0, 1.0, 8.0], columns: 3 };
        let targets = Targets { rows: vec![1001, 777], columns: vec![Some(901), None, None], fixed: vec![(0, 1, 100)] };
        let cells = fit(matrix, &targets);
        assert_eq!(cells[..3].iter().sum::<u64>(), 1001);
        assert_eq!(cells[3..].iter().sum::<u64>(), 777);
        assert_eq!(cells[0] + cells[3], 901);
        assert_eq!(cells[1], 100);
    }
}
