import { Columns3 } from 'lucide-react';
import { getButtonClass } from '@/components/ui/button';
import { Menu, MenuChoice, MenuGroup } from '@/components/ui/menu';

interface ColumnsMenuProps {
  /** `className`: of a column that the window may be too narrow for; its choice goes with it. */
  columns: readonly { id: string; header: string; isVisible: boolean; className: string | undefined }[];
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
          <span className="max-2xl:sr-only">Columns</span>
        </>
      }
      buttonClassName={getButtonClass()}
    >
      <MenuGroup label="Show">
        {columns.map(({ id, header, isVisible, className }) => (
          <MenuChoice
            key={id}
            kind="checkbox"
            checked={isVisible}
            onSelect={() => onToggle(id)}
            className={className}
          >
            {header}
          </MenuChoice>
        ))}
      </MenuGroup>
    </Menu>
  );
}
