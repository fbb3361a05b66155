import { Columns3 } from 'lucide-react';
import { getButtonClass } from '@/components/ui/button';
import { Menu, MenuChoice, MenuGroup } from '@/components/ui/menu';

interface ColumnsMenuProps {
  columns: readonly { id: string; header: string; isVisible: boolean }[];
  onToggle: (id: string) => void;
}

export function ColumnsMenu({ columns, onToggle }: ColumnsMenuProps) {
  return (
    <Menu
      label="Columns"
      align="end"
      button={
        <>
          <Columns3 aria-hidden="true" className="size-4" />
          <span className="max-lg:sr-only">Columns</span>
        </>
      }
      buttonClassName={getButtonClass()}
    >
      <MenuGroup label="Show">
        {columns.map(({ id, header, isVisible }) => (
          <MenuChoice key={id} kind="checkbox" checked={isVisible} onSelect={() => onToggle(id)}>
            {header}
          </MenuChoice>
        ))}
      </MenuGroup>
    </Menu>
  );
}
