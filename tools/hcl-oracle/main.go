package main
import (_ "github.com/hashicorp/hcl/v2/hclsyntax"; _ "github.com/zclconf/go-cty/cty")
func main(){}
