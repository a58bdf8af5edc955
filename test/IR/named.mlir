// RUN: glu-opt %s | FileCheck %s
// RUN: glu-opt %s | glu-opt | FileCheck %s
// RUN: glu-opt %s -mlir-print-op-generic | glu-opt | FileCheck %s
// RUN: glu-opt %s -canonicalize | FileCheck %s --check-prefix=FOLDED
// RUN: glu-opt %s -mlir-print-op-generic | FileCheck %s --check-prefix=REGION

// Every named gating function, with and without parameters, in every float type
// there is an accumulator of: a name becomes a region, and that region the name,
// in the generic form, and after canonicalisation too
// (in which swish with a factor of one becomes silu).

// CHECK-LABEL: func @named_f32
// FOLDED-LABEL: func @named_f32
//  CHECK-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate swish gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xf32>)
//  CHECK-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf32>)
// FOLDED-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf32>)
func.func @named_f32(%g: tensor<4xf32>, %v: tensor<4xf32>, %o: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = glu.gate identity gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %1 = glu.gate sigmoid gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %2 = glu.gate tanh gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %3 = glu.gate tanh_sigmoid gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %4 = glu.gate relu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %5 = glu.gate drelu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %6 = glu.gate relu_squared gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %7 = glu.gate leaky_relu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %8 = glu.gate leaky_relu<slope = 2.500000e-01> gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %9 = glu.gate elu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %10 = glu.gate elu<alpha = 5.000000e-01> gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %11 = glu.gate gelu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %12 = glu.gate gelu_tanh gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %13 = glu.gate gelu_tanh<scale = 7.500000e-01> gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %14 = glu.gate silu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %15 = glu.gate swish gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %16 = glu.gate swish<beta = 1.500000e+00> gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %17 = glu.gate quick_gelu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %18 = glu.gate hard_sigmoid gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %19 = glu.gate hard_swish gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %20 = glu.gate softplus gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %21 = glu.gate sigmoid_softplus gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %22 = glu.gate mish gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %23 = glu.gate clamped_silu gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %24 = glu.gate clamped_silu<limit = 5.000000e+00> gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %25 = glu.gate silu_clamped gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %26 = glu.gate silu_clamped<limit = 5.000000e+00> gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %27 = glu.gate swiglu_oai gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  %28 = glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func @named_f64
// FOLDED-LABEL: func @named_f64
//  CHECK-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate swish gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xf64>)
//  CHECK-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf64>)
// FOLDED-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf64>)
func.func @named_f64(%g: tensor<4xf64>, %v: tensor<4xf64>, %o: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) {
  %0 = glu.gate identity gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %1 = glu.gate sigmoid gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %2 = glu.gate tanh gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %3 = glu.gate tanh_sigmoid gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %4 = glu.gate relu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %5 = glu.gate drelu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %6 = glu.gate relu_squared gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %7 = glu.gate leaky_relu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %8 = glu.gate leaky_relu<slope = 2.500000e-01> gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %9 = glu.gate elu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %10 = glu.gate elu<alpha = 5.000000e-01> gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %11 = glu.gate gelu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %12 = glu.gate gelu_tanh gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %13 = glu.gate gelu_tanh<scale = 7.500000e-01> gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %14 = glu.gate silu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %15 = glu.gate swish gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %16 = glu.gate swish<beta = 1.500000e+00> gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %17 = glu.gate quick_gelu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %18 = glu.gate hard_sigmoid gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %19 = glu.gate hard_swish gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %20 = glu.gate softplus gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %21 = glu.gate sigmoid_softplus gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %22 = glu.gate mish gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %23 = glu.gate clamped_silu gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %24 = glu.gate clamped_silu<limit = 5.000000e+00> gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %25 = glu.gate silu_clamped gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %26 = glu.gate silu_clamped<limit = 5.000000e+00> gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %27 = glu.gate swiglu_oai gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  %28 = glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%g : tensor<4xf64>) value(%v : tensor<4xf64>) outs(%o : tensor<4xf64>) -> tensor<4xf64>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28 : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}

// CHECK-LABEL: func @named_f16
// FOLDED-LABEL: func @named_f16
//  CHECK-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate swish gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xf16>)
//  CHECK-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf16>)
// FOLDED-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xf16>)
func.func @named_f16(%g: tensor<4xf16>, %v: tensor<4xf16>, %o: tensor<4xf16>) -> (tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>) {
  %0 = glu.gate identity gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %1 = glu.gate sigmoid gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %2 = glu.gate tanh gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %3 = glu.gate tanh_sigmoid gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %4 = glu.gate relu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %5 = glu.gate drelu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %6 = glu.gate relu_squared gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %7 = glu.gate leaky_relu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %8 = glu.gate leaky_relu<slope = 2.500000e-01> gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %9 = glu.gate elu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %10 = glu.gate elu<alpha = 5.000000e-01> gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %11 = glu.gate gelu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %12 = glu.gate gelu_tanh gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %13 = glu.gate gelu_tanh<scale = 7.500000e-01> gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %14 = glu.gate silu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %15 = glu.gate swish gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %16 = glu.gate swish<beta = 1.500000e+00> gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %17 = glu.gate quick_gelu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %18 = glu.gate hard_sigmoid gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %19 = glu.gate hard_swish gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %20 = glu.gate softplus gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %21 = glu.gate sigmoid_softplus gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %22 = glu.gate mish gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %23 = glu.gate clamped_silu gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %24 = glu.gate clamped_silu<limit = 5.000000e+00> gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %25 = glu.gate silu_clamped gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %26 = glu.gate silu_clamped<limit = 5.000000e+00> gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %27 = glu.gate swiglu_oai gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  %28 = glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%g : tensor<4xf16>) value(%v : tensor<4xf16>) outs(%o : tensor<4xf16>) -> tensor<4xf16>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28 : tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>, tensor<4xf16>
}

// CHECK-LABEL: func @named_bf16
// FOLDED-LABEL: func @named_bf16
//  CHECK-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate identity gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate sigmoid gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate tanh gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate tanh_sigmoid gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate relu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate drelu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate relu_squared gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate leaky_relu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate leaky_relu<slope = 2.500000e-01> gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate elu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate elu<alpha = 5.000000e-01> gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate gelu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate gelu_tanh gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate gelu_tanh<scale = 7.500000e-01> gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate swish gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate silu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate swish<beta = 1.500000e+00> gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate quick_gelu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate hard_sigmoid gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate hard_swish gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate softplus gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate sigmoid_softplus gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate mish gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate clamped_silu gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate clamped_silu<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate silu_clamped gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate silu_clamped<limit = 5.000000e+00> gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate swiglu_oai gate(%{{.*}} : tensor<4xbf16>)
//  CHECK-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xbf16>)
// FOLDED-NEXT:   glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%{{.*}} : tensor<4xbf16>)
func.func @named_bf16(%g: tensor<4xbf16>, %v: tensor<4xbf16>, %o: tensor<4xbf16>) -> (tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>) {
  %0 = glu.gate identity gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %1 = glu.gate sigmoid gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %2 = glu.gate tanh gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %3 = glu.gate tanh_sigmoid gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %4 = glu.gate relu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %5 = glu.gate drelu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %6 = glu.gate relu_squared gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %7 = glu.gate leaky_relu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %8 = glu.gate leaky_relu<slope = 2.500000e-01> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %9 = glu.gate elu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %10 = glu.gate elu<alpha = 5.000000e-01> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %11 = glu.gate gelu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %12 = glu.gate gelu_tanh gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %13 = glu.gate gelu_tanh<scale = 7.500000e-01> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %14 = glu.gate silu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %15 = glu.gate swish gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %16 = glu.gate swish<beta = 1.500000e+00> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %17 = glu.gate quick_gelu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %18 = glu.gate hard_sigmoid gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %19 = glu.gate hard_swish gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %20 = glu.gate softplus gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %21 = glu.gate sigmoid_softplus gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %22 = glu.gate mish gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %23 = glu.gate clamped_silu gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %24 = glu.gate clamped_silu<limit = 5.000000e+00> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %25 = glu.gate silu_clamped gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %26 = glu.gate silu_clamped<limit = 5.000000e+00> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %27 = glu.gate swiglu_oai gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %28 = glu.gate swiglu_oai<alpha = 1.500000e+00, limit = 5.000000e+00> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28 : tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>
}

// A parameter that is the default, or that the type rounds to it, is left out.

// CHECK-LABEL: func @defaults
//  CHECK-NEXT:   glu.gate swish gate
//  CHECK-NEXT:   glu.gate swiglu_oai<limit = 9.000000e+00> gate
//  CHECK-NEXT:   glu.gate swiglu_oai gate
//  CHECK-NEXT:   glu.gate swiglu_oai<alpha = 7.000000e+00> gate
//  CHECK-NEXT:   glu.gate clamped_silu<limit = -1.000000e+00> gate
func.func @defaults(%g: tensor<4xbf16>, %v: tensor<4xbf16>, %o: tensor<4xbf16>) -> (tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>) {
  %0 = glu.gate swish<beta = 1.0> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %1 = glu.gate swiglu_oai<limit = 9.0> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %2 = glu.gate swiglu_oai<alpha = 1.703, limit = 7.0> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %3 = glu.gate swiglu_oai<limit = 7.0, alpha = 7.0> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  %4 = glu.gate clamped_silu<limit = -1.0> gate(%g : tensor<4xbf16>) value(%v : tensor<4xbf16>) outs(%o : tensor<4xbf16>) -> tensor<4xbf16>
  return %0, %1, %2, %3, %4 : tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>, tensor<4xbf16>
}

// What almost is a function keeps its region: another order of operands that do
// not commute, another constant, another intermediate type, fast-math flags.

// CHECK-LABEL: func @almost
//       CHECK:   glu.gate gate(
//       CHECK:   glu.gate gate(
//       CHECK:   glu.gate gate(
//       CHECK:   glu.gate silu gate(
func.func @almost(%g: tensor<4xf32>, %v: tensor<4xf32>, %o: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = glu.gate gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %c = arith.constant 1.0 : f32
    %n = arith.negf %x : f32
    %e = math.exp %n : f32
    %d = arith.addf %e, %c : f32
    %s = arith.divf %d, %x : f32
    %r = arith.mulf %s, %y : f32
    glu.yield %r : f32
  } -> tensor<4xf32>
  %1 = glu.gate gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %c = arith.constant 1.01 : f32
    %n = arith.negf %x : f32
    %e = math.exp %n : f32
    %d = arith.addf %e, %c : f32
    %s = arith.divf %x, %d : f32
    %r = arith.mulf %s, %y : f32
    glu.yield %r : f32
  } -> tensor<4xf32>
  %2 = glu.gate gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %r = arith.mulf %x, %y fastmath<fast> : f32
    glu.yield %r : f32
  } -> tensor<4xf32>
  %3 = glu.gate gate(%g : tensor<4xf32>) value(%v : tensor<4xf32>) outs(%o : tensor<4xf32>) {
  ^bb0(%x: f32, %y: f32):
    %n = arith.negf %x : f32
    %e = math.exp %n : f32
    %c = arith.constant 1.0 : f32
    %d = arith.addf %c, %e : f32
    %s = arith.divf %x, %d : f32
    %r = arith.mulf %y, %s : f32
    glu.yield %r : f32
  } -> tensor<4xf32>
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// The arithmetic is done in the type of g, and rounded once.

// CHECK-LABEL:  func @rounding
//       CHECK:    glu.gated_projection silu gate(
// REGION-LABEL: sym_name = "rounding"
//       REGION:   ^bb0(%[[G:.*]]: f32, %[[V:.*]]: f32):
//       REGION:     %[[Y:.*]] = "arith.mulf"(%{{.*}}, %[[V]]) {{.*}} : (f32, f32) -> f32
//       REGION:     %[[Z:.*]] = "arith.truncf"(%[[Y]]) : (f32) -> bf16
//       REGION:     "glu.yield"(%[[Z]]) : (bf16) -> ()
func.func @rounding(%x: tensor<4x8xbf16>, %w: tensor<8x4xbf16>, %o: tensor<4x4xbf16>) -> tensor<4x4xbf16> {
  %0 = glu.gated_projection silu gate(%x, %w : tensor<4x8xbf16>, tensor<8x4xbf16>) value(%x, %w : tensor<4x8xbf16>, tensor<8x4xbf16>)
         outs(%o : tensor<4x4xbf16>) -> tensor<4x4xbf16>
  return %0 : tensor<4x4xbf16>
}
