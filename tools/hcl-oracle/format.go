package main

import (
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// formatCases returns the documents of a folder with one folder for each case of the formatter.
func formatCases(folder string) ([]string, error) {
	return filepath.Glob(filepath.Join(folder, "*", "in.kdef"))
}

// recordFormatted writes what hclwrite makes of every document beside it, as hclwrite.kdef.
func recordFormatted(documents []string) error {
	for _, document := range documents {
		source, err := os.ReadFile(document)
		if err != nil {
			return err
		}
		recorded := filepath.Join(filepath.Dir(document), "hclwrite.kdef")
		if err := os.WriteFile(recorded, hclwrite.Format(source), 0o644); err != nil {
			return err
		}
	}
	return nil
}
