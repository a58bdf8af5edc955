//===- RandomData.h - Arguments to try a function with ----------*- C++ -*-===//

#ifndef GLU_EXECUTION_RANDOMDATA_H
#define GLU_EXECUTION_RANDOMDATA_H

#include "glu/Execution/Array.h"

#include <random>

namespace glu {

/// Fills `array` with random values: floats of the standard normal
/// distribution, cut off at 4 and rounded to the type; i8 between -8 and 7 (0
/// and 15 without sign); wider integers, which may be positions, 0 or 1.
void fillRandomly(Array &array, std::mt19937_64 &generator);

} // namespace glu

#endif // GLU_EXECUTION_RANDOMDATA_H
